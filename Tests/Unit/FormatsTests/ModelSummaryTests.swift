import DeepPotential
import Models
import TestSupport
import Testing

@Suite struct ModelSummaryTests {
  private func stored(_ name: String = "se_e2_a_twoside") throws -> StoredModel {
    try StoredModel.read(fixtures.appending(path: name + ".dp").path)
  }

  @Test func `the bias is what energies contain, without that of types that have no fitting net`()
    throws
  {
    let stored = try stored()
    guard case .seE2A(let descriptor) = stored.model.descriptor else { return }
    for (excluded, expected) in [([], [11.0, 22, 33]), ([1], [11, 2, 33])] {
      var fitting = stored.model.fitting.options
      fitting.excludedTypes = excluded
      var other = stored
      other.model = EnergyModel(
        ModelOptions(
          typeMap: stored.model.typeMap, descriptor: descriptor.options, fitting: fitting))
      other.model.outputBias = [1, 2, 3]
      other.model.fitting.bias = [10, 20, 30]
      #expect(ModelSummary(other).bias == expected)
      #expect(ModelSummary(other).bias == other.model.energyBias)
      #expect(ModelSummary(other).excludedTypes == excluded)
    }
  }

  @Test(arguments: modelFixtures)
  func `numbers of parameters are those that training moves`(name: String) throws {
    let stored = try stored(name), summary = ModelSummary(stored)
    let all = stored.model.parameters
    #expect(
      summary.embedding.parameters + summary.fitting.parameters
        == all.float64.count + all.float32.count)
  }

  @Test func `a hybrid is described part by part`() throws {
    let summary = ModelSummary(try stored("descriptors/hybrid_a_dpa1"))
    let parts = try #require(summary.parts)
    #expect(summary.descriptor == "hybrid" && summary.outerCutoff == 4)
    #expect(parts.map(\.descriptor) == ["se_e2_a", "se_atten"])
    #expect(parts.map(\.slots) == [[26, 24], [40]] && summary.slots == [50])
    #expect(parts.reduce(0) { $0 + $1.embedding.parameters } == summary.embedding.parameters)
    let lines = summary.text.split(separator: "\n").map(String.init)
    func value(_ name: String) -> Substring? {
      lines.first { $0.hasPrefix(name + " ") }?.dropFirst(name.count).drop { $0 == " " }
    }
    #expect(value("descriptor") == "hybrid, 2 parts" && value("  se_e2_a") == "2 nets 1-4-8")
    #expect(value("    sel") == "26 24" && value("    tebd_input_mode") == "strip")
  }

  @Test(arguments: modelFixtures)
  func `the text has a line for each property, values in one column`(name: String) throws {
    let summary = ModelSummary(try stored(name), step: 7)
    let lines = summary.text.split(separator: "\n").map(String.init)
    for (name, value) in [
      ("types", summary.typeMap.joined(separator: " ")), ("training", "7 steps"),
      ("  axis_neuron", "\(summary.axisWidth ?? 0)"),
    ] {
      let line = try #require(lines.first { $0.hasPrefix(name + " ") })
      #expect(line.hasSuffix(" " + value))
    }
    let columns = Set(
      ["types", "  sel", "  axis_neuron"].compactMap { name in
        lines.first { $0.hasPrefix(name + " ") }.map { line in
          line.dropFirst(name.count).prefix { $0 == " " }.count + name.count
        }
      })
    #expect(columns.count == 1)
    #expect(
      lines.contains {
        $0.hasPrefix("  numb_fparam ") && $0.hasSuffix(" \(summary.frameParameters)")
      })
  }
}
