import Atoms
import DeepPotential
import Kernels
import Models
import TestSupport
import Testing

/// Attention as one operation against its plain twin, the chain of operations over angles.
@Suite struct AttentionProgramTests {
  static let models = [
    "dpa1_concat_attn1_hard", "dpa1_concat_attn2", "dpa1_concat_attn2_nosmooth",
    "dpa1_concat_attn3", "dpa1_example", "train_dpa1",
  ]

  @Test(arguments: models, [false, true])
  func `one operation says what the chain says`(name: String, tabulates: Bool) throws {
    let model = try StoredModel.read(fixtures.appending(path: "descriptors/\(name).dp").path).model
    let fused = model.program(tileSize: 3, tabulates: tabulates)
    let plain = model.program(tileSize: 3, tabulates: tabulates, fuses: false)
    // Neither operations nor rows for pairs of neighbors are left.
    #expect("\(fused)".contains(" attention ") && !"\(fused)".contains("angles"))
    #expect(!"\(plain)".contains(" attention ") && "\(plain)".contains("angles"))
    for (atoms, isPeriodic) in [(9, true), (14, true), (5, false), (1, false)] {
      let frame = exampleFrame(atoms: atoms, isPeriodic: isPeriodic)
      let adjoint = randomAdjoint(atoms: atoms)
      let found = fused.run(frame, model.parameters, adjoint)
      let expected = plain.run(frame, model.parameters, adjoint)
      let errors = found.errors(against: expected)
      #expect(errors.max() ?? 1 <= 1e-11, "\(errors)")
    }
  }

  @Test(arguments: [true, false])
  func `at the sizes of production, too, and on any threads and tiles`(isSmooth: Bool) {
    let model = productionModel(isSmooth: isSmooth), frame = exampleFrame(atoms: 14)
    let adjoint = randomAdjoint(atoms: 14)
    let plain = model.program(tileSize: 1, fuses: false).run(frame, model.parameters, adjoint)
    let found = model.program(tileSize: 1).run(frame, model.parameters, adjoint)
    let errors = found.errors(against: plain)
    #expect(errors.max() ?? 1 <= 1e-11, "\(errors)")
    for size in [2, 5] {
      let tiles = model.program(tileSize: size)
      let one = tiles.run(frame, model.parameters, adjoint)
      #expect(one.prediction == found.prediction)
      #expect(one.errors(against: found).max() ?? 1 <= 1e-12)
      for options in [RunOptions(threads: 3), RunOptions(threads: 2, keeps: true)] {
        #expect(tiles.run(frame, model.parameters, adjoint, options) == one)
      }
    }
  }

  @Test(arguments: [true, false], [true, false])
  func `heads over edges are one operation, too`(isSmooth: Bool, gatesLogits: Bool) {
    let model = modelWithHeads(isSmooth: isSmooth, gatesLogits: gatesLogits)
    let fused = model.program(tileSize: 3), plain = model.program(tileSize: 3, fuses: false)
    #expect("\(fused)".contains(" attention ") && !"\(fused)".contains("angles"))
    #expect(!"\(plain)".contains(" attention ") && "\(plain)".contains("angles"))
    for (atoms, isPeriodic) in [(9, true), (14, true), (5, false), (1, false)] {
      let frame = exampleFrame(atoms: atoms, isPeriodic: isPeriodic)
      let adjoint = randomAdjoint(atoms: atoms)
      let found = fused.run(frame, model.parameters, adjoint)
      let errors = found.errors(against: plain.run(frame, model.parameters, adjoint))
      #expect(errors.max() ?? 1 <= 1e-11, "\(errors)")
      #expect(fused.run(frame, model.parameters, adjoint, RunOptions(threads: 3)) == found)
    }
  }

  @Test func `directions that learn keep the chain`() {
    let model = modelWithHeads(isSmooth: true, gatesLogits: true, updatesDirections: true)
    #expect(!"\(model.program())".contains(" attention "))
  }

  @Test func `float32 follows float64`() {
    let model = productionModel(), frame = exampleFrame(atoms: 14)
    let adjoint = randomAdjoint(atoms: 14)
    let single = Parameters(float32: model.parameters.float64.map { Float($0) })
    let program = model.program()
    let found = program.run(Float.self, frame, single, adjoint)
    let errors = found.errors(against: program.run(frame, model.parameters, adjoint))
    #expect(errors.max() ?? 1 <= 1e-3, "\(errors)")
  }

  /// A model with two attention layers of 128 whose atoms have about 90 neighbors.
  private func productionModel(isSmooth: Bool = true) -> EnergyModel {
    var descriptor = DPA1Options()
    (descriptor.innerCutoff, descriptor.outerCutoff) = (0.5, 6)
    (descriptor.slots, descriptor.neuron, descriptor.axisWidth) = ([138], [25, 50, 100], 16)
    (descriptor.attention.layers, descriptor.isSmooth) = (2, isSmooth)
    var model = EnergyModel(
      ModelOptions(
        typeMap: ["O", "H"], descriptor: .dpa1(descriptor),
        fitting: FittingOptions(neuron: [24, 24])))
    model.initialize(seed: 3)
    return model
  }
  /// DPA-2 with three heads over edges, without a three-body block.
  private func modelWithHeads(
    isSmooth: Bool, gatesLogits: Bool, updatesDirections: Bool = false
  ) -> EnergyModel {
    var options = DPA2Options()
    (options.local.innerCutoff, options.local.outerCutoff) = (0.5, 4)
    (options.first.neuron, options.first.axisWidth) = ([6, 12], 3)
    options.first.isSmooth = isSmooth
    (options.messages.innerCutoff, options.messages.outerCutoff) = (1, 3)
    (options.messages.nodeWidth, options.messages.edgeWidth) = (6, 5)
    options.messages.nodeAttention = HeadOptions(width: 3, count: 2)
    options.messages.edgeAttention = HeadOptions(width: 4, count: 3)
    options.messages.gatesEdgeAttention = gatesLogits
    options.messages.updatesDirections = updatesDirections
    (options.messages.style, options.messages.residual) = (.residual, 0.3)
    options.setSlots([[60], [50]])
    var model = EnergyModel(
      ModelOptions(
        typeMap: ["O", "H"], descriptor: .dpa2(options),
        fitting: FittingOptions(neuron: [8, 8])))
    model.initialize(seed: 3)
    return model
  }
}
