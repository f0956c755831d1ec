import Atoms
import Datasets
import DeepPotential
import Files
import TestSupport
import Testing
import Training

/// A case of `stat_parity.json`: the PyTorch backend's statistics of all frames of
/// `train_data.hdf5`.
private struct StatisticsCase {
  let options: ModelOptions
  let fixture: JSONValue
  let frames: [[LabeledFrame]]

  init(_ name: String) throws {
    let all = try TestSupport.fixture("stat_parity.json")
    fixture = try #require(all["cases"]?.elements.first { $0["name"]?.text == name })
    let descriptor = try #require(fixture["descriptor"])
    var se = SeE2AOptions(
      innerCutoff: try #require(descriptor["rcut_smth"]?.double),
      outerCutoff: try #require(descriptor["rcut"]?.double),
      slots: descriptor["sel"]?.elements.compactMap(\.int) ?? [], neuron: [4, 8], axisWidth: 3)
    se.meanIsZero = descriptor["set_davg_zero"] == .bool(true)
    se.excludedPairs =
      descriptor["exclude_types"]?.elements.map { $0.elements.compactMap(\.int) } ?? []
    let typeMap = all["type_map"]?.elements.compactMap(\.text) ?? []
    options = ModelOptions(typeMap: typeMap, descriptor: se, fitting: FittingOptions(neuron: [8]))
    frames = try readSystems(at: fixtures.appending(path: "train_data.hdf5").path).map {
      let system = try LabeledSystem($0, typeMap: typeMap)
      return try (0..<system.frameCount).map { try system.frame($0) }
    }
  }

  /// One sample per system, in order.
  var samples: [StatisticsSample] {
    frames.map { system in
      StatisticsSample(system, for: options)
    }
  }
}

private let cases = [
  "se_e2_a", "se_e2_a_davgzero", "se_e2_a_exclude", "se_e2_a_atomener",
]

@Test(arguments: cases)
func `mean, deviation and sums are those of the PyTorch backend`(name: String) throws {
  let item = try StatisticsCase(name)
  let sample = item.samples.reduce(into: StatisticsSample(for: item.options), +=)
  let statistics = ModelStatistics(
    sample, NeighborSurvey(typeCount: 2), for: item.options)
  for type in 0..<2 {
    for (key, moments) in [
      ("r", sample.environments[0].radial[type]), ("a", sample.environments[0].angular[type]),
    ] {
      let sums = item.fixture["sums"]?["\(key)_\(type)"]?.numbers ?? []
      #expect(Double(moments.count) == sums[0])
      // Angular sums cancel: measure against their own size as sums of that many numbers.
      #expect(abs(moments.sum - sums[1]) <= 1e-12 * max(abs(sums[1]), sums[2]))
      #expect(abs(moments.squares - sums[2]) <= 1e-12 * sums[2])
    }
    let mean = item.fixture["davg_slot0"]?.elements[type].numbers ?? []
    let deviation = item.fixture["dstd_slot0"]?.elements[type].numbers ?? []
    for slot in 0..<16 {
      for k in 0..<4 {
        let place = (type * 16 + slot) * 4 + k
        #expect(abs(statistics.lists[0].mean[place] - mean[k]) <= 1e-12)
        #expect(abs(statistics.lists[0].deviation[place] - deviation[k]) <= 1e-12)
      }
    }
  }
}

@Test(arguments: cases)
func `the energy bias is that of the PyTorch backend`(name: String) throws {
  let item = try StatisticsCase(name)
  let bias = item.samples.reduce(into: StatisticsSample(for: item.options), +=).output.bias()
  let expected = item.fixture["out_bias"]?.numbers ?? []
  let deviation = item.fixture["out_std"]?.numbers ?? []
  #expect(expected.count == 2 && deviation.count == 2)
  for type in 0..<2 {
    #expect(abs(bias.values[type] - expected[type]) <= 1e-11 * abs(expected[type]))
    #expect(abs(bias.deviations[0] - deviation[type]) <= 1e-11 * deviation[type])
  }
}

@Test func `neighbor counts and the smallest distance are those of dp neighbor-stat`() throws {
  let expected = try TestSupport.fixture("stat_parity.json")["neighbor_stat"]?.elements ?? []
  #expect(expected.count == 4)
  let systems = try StatisticsCase("se_e2_a").frames
  for item in expected {
    let cutoff = try #require(item["rcut"]?.double)
    var survey = NeighborSurvey(typeCount: 2)
    for (number, system) in systems.enumerated() {
      for (index, frame) in system.lazy.map(\.frame).enumerated() {
        survey.add(frame, cutoff: cutoff, system: number, index: index)
      }
    }
    let distance = try #require(item["min_nbor_dist"]?.double)
    #expect(abs((survey.closest?.distance ?? 0) - distance) <= 1e-12)
    let counts = item["max_nbor_size"]?.elements.compactMap(\.int)
    #expect(counts == (counts?.count == 1 ? [survey.largestTotal] : survey.largestCounts))
  }
}

@Test func `an energy bias that is given stays, and excluded types have none`() {
  var rows = OutputRows(of: .energy, typeCount: 3)
  rows.add(types: [0, 1, 1, 2], [-10])
  rows.add(types: [0, 0, 1, 2, -1], [-12])
  let preset = rows.bias(preset: [[-3], nil, nil])
  // What is left, -7 and -6, is 2 x + y and x + y.
  #expect(preset.values[0] == -3)
  #expect(abs(preset.values[1] + 1) < 1e-12 && abs(preset.values[2] + 5) < 1e-12)
  let excluded = rows.bias(excluded: [1])
  // -10 = x + y, -12 = 2 x + y.
  #expect(abs(excluded.values[0] + 2) < 1e-12 && excluded.values[1] == 0)
  #expect(abs(excluded.values[2] + 8) < 1e-12)
}

@Test func `parameters are normalized by mean and protected deviation`() {
  var options = ModelOptions(
    typeMap: ["O"],
    descriptor: SeE2AOptions(
      innerCutoff: 1, outerCutoff: 2, slots: [4], neuron: [4], axisWidth: 2),
    fitting: FittingOptions(neuron: [4]))
  options.fitting.frameParameters = 1
  options.fitting.atomParameters = 2
  let frames = [1.0, 3].map { value in
    LabeledFrame(
      Frame(
        types: [0, 0], positions: [.zero, SIMD3(1.5, 0, 0)], cell: nil, frameParameters: [value],
        atomParameters: [value, 5, 2 * value, 5]), FrameLabels())
  }
  let statistics = ModelStatistics(
    StatisticsSample(frames, for: options), NeighborSurvey(typeCount: 1),
    for: options)
  #expect(statistics.frameParameterMean == [2])
  #expect(statistics.frameParameterInverseDeviation == [1])
  // Atom parameters 1, 2, 3, 6: mean 3, deviation √3.5; a constant one has deviation 0.01.
  #expect(statistics.atomParameterMean == [3, 5])
  #expect(abs(statistics.atomParameterInverseDeviation[0] - 1 / 3.5.squareRoot()) < 1e-15)
  #expect(statistics.atomParameterInverseDeviation[1] == 100)
  #expect(statistics.outputBias == OutputBias(values: [0], deviations: [0]))
}
