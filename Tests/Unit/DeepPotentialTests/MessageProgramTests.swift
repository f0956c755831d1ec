import Atoms
import DeepPotential
import Kernels
import Models
import TestSupport
import Testing

/// Messages as one operation against their plain twin, the chain of operations over pairs and
/// angles.
@Suite struct MessageProgramTests {
  static let models = [
    "dpa2", "dpa2_hard", "dpa2_medium", "dpa3", "dpa3_dynamic", "dpa3_linear_avg",
    "dpa3_noangle", "dpa3_plain", "dpa3_sequential", "dpa3_smallsel", "train_dpa2", "train_dpa3",
  ]

  @Test(arguments: models)
  func `one operation says what the chain says`(name: String) throws {
    let model = try StoredModel.read(fixtures.appending(path: "descriptors/\(name).dp").path).model
    let fused = model.program(tileSize: 3), plain = model.program(tileSize: 3, fuses: false)
    #expect("\(fused)".contains(" message ") && !"\(plain)".contains(" message "))
    #expect(fused.operations.count < plain.operations.count)
    for (atoms, isPeriodic) in [(9, true), (14, true), (5, false), (1, false)] {
      let frame = exampleFrame(atoms: atoms, isPeriodic: isPeriodic)
      let adjoint = randomAdjoint(atoms: atoms)
      let found = fused.run(frame, model.parameters, adjoint)
      let errors = found.errors(against: plain.run(frame, model.parameters, adjoint))
      #expect(errors.max() ?? 1 <= 1e-11, "\(errors)")
    }
  }

  /// A prediction has adjoints in each other's place, a training keeps them.
  @Test(arguments: models)
  func `predictions between trainings have their bits`(name: String) throws {
    let model = try StoredModel.read(fixtures.appending(path: "descriptors/\(name).dp").path).model
    for (program, keeps) in [(model.program(tileSize: 3), false), (model.program(), true)] {
      let sweeps = ProgramSweeps<Double>(program, threads: 2, keeps: keeps)
      for atoms in [9, 1, 14, 5] {
        let frame = exampleFrame(atoms: atoms), adjoint = randomAdjoint(atoms: atoms)
        let run = program.run(frame, model.parameters, adjoint, RunOptions(keeps: keeps))
        var gradient = Parameters(zerosLike: model.parameters)
        model.parameters.withPointers { pointers in
          sweeps.prepare(pointers)
          let rows = ProgramFrame(frame, program)
          #expect(sweeps.predict(rows) == run.prediction)
          #expect(sweeps.predict(rows, forTraining: true) == run.prediction)
          gradient.withGradientPointers { sweeps.addGradient(adjoint, to: $0) }
        }
        #expect(gradient == run.gradient)
      }
    }
  }

  @Test func `what angles of one first row share is gathered once`() throws {
    let model = try StoredModel.read(fixtures.appending(path: "descriptors/dpa3.dp").path).model
    let messages = "\(model.program())".split(separator: "\n").filter {
      $0.contains(" message ") && $0.contains("innerSecond")
    }
    #expect(!messages.isEmpty)
    for message in messages {
      #expect(message.contains(".first[innerFirst(list: 0)]"))
      #expect(!message.contains("atom(of:") && !message.contains(".b,"))
    }
  }

  @Test func `at the sizes of production, too, and on any threads and tiles`() {
    let model = productionModel(.float64), frame = exampleFrame(atoms: 14)
    let adjoint = randomAdjoint(atoms: 14)
    let plain = model.program(tileSize: 1, fuses: false).run(frame, model.parameters, adjoint)
    for size in [1, 5] {
      let tiles = model.program(tileSize: size), one = tiles.run(frame, model.parameters, adjoint)
      let errors = one.errors(against: plain)
      #expect(errors.max() ?? 1 <= 1e-11, "\(errors)")
      for options in [RunOptions(threads: 3), RunOptions(threads: 2, keeps: true)] {
        #expect(tiles.run(frame, model.parameters, adjoint, options) == one)
      }
    }
  }

  @Test func `float32 follows float64`() {
    let model = productionModel(.float64), frame = exampleFrame(atoms: 14)
    let adjoint = randomAdjoint(atoms: 14)
    let single = Parameters(float32: model.parameters.float64.map { Float($0) })
    let program = model.program()
    let found = program.run(Float.self, frame, single, adjoint)
    let errors = found.errors(against: program.run(frame, model.parameters, adjoint))
    #expect(errors.max() ?? 1 <= 1e-3, "\(errors)")
  }

  /// DPA-3 as wide as DeePMD-kit's water example, of two layers.
  private func productionModel(_ precision: Precision) -> EnergyModel {
    var options = DPA3Options()
    (options.local.innerCutoff, options.local.outerCutoff) = (3, 4)
    (options.slots, options.activation) = ([60], .silut(threshold: 10))
    options.angles = .init(innerCutoff: 2.5, outerCutoff: 3, slots: 20)
    (options.edgeWidth, options.angleWidth, options.layers) = (64, 32, 2)
    (options.compression, options.edgeShare, options.seesColumns) = (1, 2, true)
    (options.isSmooth, options.edgesAreDistances) = (true, true)
    options.precision = precision
    var model = EnergyModel(
      ModelOptions(
        typeMap: ["O", "H"], descriptor: .dpa3(options),
        fitting: FittingOptions(neuron: [24, 24])))
    model.initialize(seed: 3)
    return model
  }
}
