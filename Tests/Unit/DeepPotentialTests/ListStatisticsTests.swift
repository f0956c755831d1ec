import Atoms
import Datasets
import DeepPotential
import Files
import TestSupport
import Testing
import Training

/// Statistics of descriptors other than `se_e2_a`, against the PyTorch backend's.
@Suite struct ListStatisticsTests {
  private func options(_ name: String) -> DescriptorOptions {
    var options: DescriptorOptions
    switch name {
    case "se_e3":
      options = .seE3(SeE3Options())
      options.slots = [6, 10]
    case "se_e3_tebd":
      options = .seE3TypeEmbedding(SeE3TypeEmbeddingOptions())
      options.slots = [16]
    case "dpa2": return dpa2
    case let name where name.hasPrefix("dpa3"): return messages(name)
    case "hybrid", "hybrid_cut": return hybrid(hasShortParts: name == "hybrid_cut")
    default:
      options = .dpa1(DPA1Options(isSecondVersion: true))
      options.slots = [16]
    }
    (options.innerCutoff, options.outerCutoff) = (0.5, 4)
    options.meanIsZero = false
    return options
  }

  /// DPA-2, each of whose three lists has a mean of its own.
  private var dpa2: DescriptorOptions {
    var options = DPA2Options()
    (options.innerCutoff, options.outerCutoff) = (0.5, 4)
    options.meanIsZero = false
    (options.usesThreeBody, options.messages.meanIsZero) = (true, false)
    (options.threeBody.innerCutoff, options.threeBody.outerCutoff) = (0.5, 3.2)
    (options.messages.innerCutoff, options.messages.outerCutoff) = (2.7, 3.2)
    options.setSlots([[16], [12], [12]])
    return .dpa2(options)
  }

  /// DPA-3, whose deviation is fixed or follows from the rows of edges.
  private func messages(_ name: String) -> DescriptorOptions {
    var options = DPA3Options()
    let isShort = ["dpa3_stat_exp_exclude", "dpa3_stat_poly"].contains(name)
    (options.innerCutoff, options.outerCutoff) = (isShort ? 2 : 3.5, 4)
    options.setSlots([[16], [10]])
    options.usesExponentialSwitch = name != "dpa3_stat_poly"
    options.fixedDeviation = name == "dpa3_const" ? 0.3 : 0
    options.excludedPairs = name == "dpa3_stat_exp_exclude" ? [[0, 1]] : []
    return .dpa3(options)
  }

  /// A hybrid with parts of one cutoff, or of several.
  private func hybrid(hasShortParts: Bool) -> DescriptorOptions {
    var first = DescriptorOptions.seE2A(SeE2AOptions()), second = DPA1Options()
    var third = SeE2ROptions()
    (first.outerCutoff, first.slots) = (4, [6, 10])
    (second.outerCutoff, second.slots, second.meanIsZero) = (4, [16], false)
    if hasShortParts {
      (second.outerCutoff, second.slots, second.excludedPairs) = (3, [8], [[0, 1]])
    }
    (third.innerCutoff, third.outerCutoff, third.slots) = (1, 2.5, [4, 4])
    let parts = [first, .dpa1(second)] + (hasShortParts ? [.seE2R(third)] : [])
    return .hybrid(HybridOptions(parts))
  }

  @Test(arguments: [
    "se_e3", "se_e3_tebd", "se_atten_v2", "hybrid", "hybrid_cut", "dpa2", "dpa3_const", "dpa3_stat",
    "dpa3_stat_exp_exclude", "dpa3_stat_poly",
  ])
  func `mean and deviation are those of the PyTorch backend`(name: String) throws {
    let recorded = try fixture("descriptors/statistics.json")
    let typeMap = recorded["type_map"]?.elements.compactMap(\.text) ?? []
    let item = try #require(recorded["input"]?.elements.first { $0["name"]?.text == name })
    let model = ModelOptions(
      typeMap: typeMap, descriptor: options(name), fitting: FittingOptions(neuron: [8]))
    var sample = StatisticsSample(for: model)
    for system in try systems(typeMap) {
      let frames = try (0..<system.frameCount).map { try system.frame($0) }
      sample += StatisticsSample(frames, for: model)
    }
    let found = ModelStatistics(sample, NeighborSurvey(typeCount: 2), for: model)
    #expect(found.lists.count == model.descriptor.lists.count)
    for (number, list) in found.lists.enumerated() where list.rowWidth > 0 {
      let isHybrid = model.descriptor.parts.count > 1
      let blocks = blocks(of: name), block = blocks.isEmpty ? "" : "\(blocks[number])_variable/"
      let place = isHybrid ? "list/\(number)/" : block
      let width = list.rowWidth, row = list.mean.count / 2
      for (key, numbers) in [("davg", list.mean), ("dstd", list.deviation)] {
        let wanted = item["slot0"]?["\(place)@variables/\(key)"]?.elements.map(\.numbers) ?? []
        #expect(wanted.count == 2)
        for type in wanted.indices {
          #expect(wanted[type].count == width)
          for (a, b) in zip(numbers[type * row..<type * row + width], wanted[type]) {
            #expect(abs(a - b) <= 1e-14)
          }
        }
      }
    }
  }

  /// The objects of the lists in a model file, if these are in objects.
  private func blocks(of name: String) -> [String] {
    if name == "dpa2" { return ["repinit", "repinit_three_body", "repformers"] }
    return name.hasPrefix("dpa3") ? ["repflow"] : []
  }

  private func systems(_ typeMap: [String]) throws -> [LabeledSystem] {
    try readSystems(at: fixtures.appending(path: "train_data.hdf5").path).map {
      try LabeledSystem($0, typeMap: typeMap)
    }
  }

  @Test func `"auto" counts neighbors within the cutoff of each part`() throws {
    let recorded = try fixture("descriptors/statistics.json")
    let item = try #require(recorded["input"]?.elements.first { $0["auto"] != nil })
    let options = ModelOptions(
      typeMap: ["O", "H"], descriptor: hybrid(hasShortParts: true),
      fitting: FittingOptions(neuron: [8]))
    let report = try surveyData(
      systems(options.typeMap), typeMap: options.typeMap, cutoffs: options.descriptor.cutoffs,
      threads: 1)
    let request = StatisticsRequest(
      options, slotRules: options.descriptor.parts.map { _ in .automatic(ratio: 1.1) })
    let found = request.options(for: report.neighbors).descriptor.parts.map(\.slots)
    // DeePMD-kit's number of slots of all types is one number.
    let wanted = item["auto"]?.elements.map { $0.int.map { [$0] } ?? $0.elements.compactMap(\.int) }
    #expect(found == wanted)
    #expect(Set(found).count == 3)
  }

  @Test func `rows of distances have one number`() {
    let moments = EnvironmentMoments(
      radial: [Moments(count: 2, sum: 4, squares: 10)],
      angular: [Moments(count: 6, sum: 0, squares: 6)])
    #expect(moments.mean(slotCount: 2, rowWidth: 1, isZero: false) == [2, 2])
    #expect(moments.deviation(slotCount: 2, rowWidth: 1) == [1, 1])
    #expect(moments.mean(slotCount: 1, isZero: false) == [2, 0, 0, 0])
  }
}
