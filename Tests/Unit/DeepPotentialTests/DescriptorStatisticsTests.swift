import Atoms
import Datasets
import DeepPotential
import Files
import TestSupport
import Testing
import Training

/// Statistics of descriptors other than `se_e2_a`, against the PyTorch backend's.
@Suite struct DescriptorStatisticsTests {
  private func options(_ name: String) -> DescriptorOptions {
    var options: DescriptorOptions
    switch name {
    case "se_e3":
      options = .seE3(SeE3Options())
      options.slots = [6, 10]
    case "se_e3_tebd":
      options = .seE3TypeEmbedding(SeE3TypeEmbeddingOptions())
      options.slots = [16]
    default:
      options = .dpa1(DPA1Options(isSecondVersion: true))
      options.slots = [16]
    }
    (options.innerCutoff, options.outerCutoff) = (0.5, 4)
    options.meanIsZero = false
    return options
  }

  @Test(arguments: ["se_e3", "se_e3_tebd", "se_atten_v2"])
  func `mean and deviation are those of the PyTorch backend`(name: String) throws {
    let recorded = try fixture("descriptors/statistics.json")
    let typeMap = recorded["type_map"]?.elements.compactMap(\.text) ?? []
    let item = try #require(recorded["input"]?.elements.first { $0["name"]?.text == name })
    let model = ModelOptions(
      typeMap: typeMap, descriptor: options(name), fitting: FittingOptions(neuron: [8]))
    let path = fixtures.appending(path: "train_data.hdf5").path
    var sample = StatisticsSample(for: model)
    for system in try readSystems(at: path) {
      let system = try LabeledSystem(system, typeMap: typeMap)
      let frames = try (0..<system.frameCount).map { try system.frame($0) }
      sample += StatisticsSample(frames, for: model)
    }
    let found = ModelStatistics(sample, NeighborSurvey(typeCount: 2), for: model)
    for (key, numbers) in [("davg", found.mean), ("dstd", found.deviation)] {
      let wanted = item["slot0"]?["@variables/\(key)"]?.elements.map(\.numbers) ?? []
      for type in 0..<2 {
        let row = Array(numbers[type * 64..<type * 64 + 4])
        for (a, b) in zip(row, wanted[type]) { #expect(abs(a - b) <= 1e-14) }
      }
    }
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
