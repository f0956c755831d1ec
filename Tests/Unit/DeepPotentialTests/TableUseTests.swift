import DeepPotential
import Diagnostics
import Kernels
import Models
import TestSupport
import Testing

/// What is said of tables, and why there are none.
@Suite struct TableUseTests {
  private func model(_ name: String) throws -> EnergyModel {
    try StoredModel.read(fixtures.appending(path: name).path).model
  }

  /// A model of two types with `se_e2_a`, its descriptor changed by `change`.
  private func model(_ change: (inout SeE2A) -> Void) -> EnergyModel {
    var options = SeE2AOptions(
      innerCutoff: 0.5, outerCutoff: 4, slots: [6, 10], neuron: [4, 8], axisWidth: 2)
    options.activation = .relu
    var model = EnergyModel(
      ModelOptions(
        typeMap: ["O", "H"], descriptor: options, fitting: FittingOptions(neuron: [8])))
    model.initialize(seed: 1)
    if case .seE2A(var part) = model.descriptor {
      change(&part)
      model.descriptor = .seE2A(part)
    }
    return model
  }

  @Test(arguments: [
    "se_e2_a_twoside.dp", "se_e2_a_float32.dp", "descriptors/se_e3.dp",
    "descriptors/hybrid_a_dpa1.dp",
  ]) func `tables are built for nets`(name: String) throws {
    #expect(try model(name).tableUse(by: Evaluator(threads: 1)) == .built)
  }

  @Test(arguments: ["pb_exclude_compressed.pb", "pb_hyb_compressed.pb", "pth_compressed.pth"])
  func `tables of a compressed model are its own`(name: String) throws {
    #expect(try model("foreign/\(name)").tableUse(by: Evaluator(threads: 1)) == .given)
  }

  @Test func `a model without tables has a reason, which its evaluation gives, too`() throws {
    let steep = try model("se_e2_a_twoside.dp")
    var changed = steep
    if case .seE2A(var part) = steep.descriptor {
      part.deviation = part.deviation.map { _ in 1e-5 }
      changed.descriptor = .seE2A(part)
    }
    for (model, words) in [
      (model { _ in }, "activation function, relu, has kinks"),
      (try model("se_e2_a_slotstat.dp"), "differ from slot to slot"), (changed, "so steep"),
    ] {
      let reason = try #require(model.tableUse(by: Evaluator(threads: 1)).reason)
      #expect(reason.contains(words))
      let evaluator = Evaluator(threads: 1)
      let frame = exampleFrame(atoms: 6)
      let (_, said) = Notices.collected { evaluator.predict([frame], with: model) }
      #expect(evaluator.directReason == reason)
      #expect(said.count == 1 && said[0].hasSuffix(reason))
    }
  }
}
