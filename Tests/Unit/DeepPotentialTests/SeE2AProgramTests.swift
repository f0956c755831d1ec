import Atoms
import DeepPotential
import Kernels
import Models
import TestSupport
import Testing

/// se_e2_a as a program against its hand-written sweeps.
@Suite struct SeE2AProgramTests {
  @Test(arguments: modelFixtures)
  func `the program says what the hand-written sweeps say`(name: String) throws {
    let model = try StoredModel.read(fixtures.appending(path: name + ".dp").path).model
    let isSingle = model.fitting.options.precision == .float32
    let configurations =
      name == "train_init"
      ? [] : try TestSupport.fixture(name + ".json")["configs"]?.elements ?? []
    let frames =
      try configurations.map { try Frame(fixture: $0) }
      + (name == "train_init" ? [exampleFrame()] : [])
    #expect(!frames.isEmpty)
    let program = model.program()
    for frame in frames {
      let adjoint = randomAdjoint(atoms: frame.types.count)
      let found =
        isSingle
        ? program.run(Float.self, frame, model.parameters, adjoint)
        : program.run(frame, model.parameters, adjoint)
      let errors = found.errors(against: model.handWritten(frame, adjoint))
      #expect(errors.max() ?? 1 <= (isSingle ? 1e-5 : 1e-12), "\(errors)")
    }
  }

  @Test(arguments: ExampleShape.all, [true, false])
  func `wide models agree, too`(shape: ExampleShape, typeOneSide: Bool) {
    let model = exampleModel(shape, typeOneSide: typeOneSide), program = model.program()
    for frame in [exampleFrame(atoms: 21), exampleFrame(atoms: 9, isPeriodic: false)] {
      let adjoint = randomAdjoint(atoms: frame.types.count)
      let found =
        shape.precision == .float32
        ? program.run(Float.self, frame, model.parameters, adjoint)
        : program.run(frame, model.parameters, adjoint)
      let errors = found.errors(against: model.handWritten(frame, adjoint))
      #expect(errors.max() ?? 1 <= shape.bound(1e-12, float32: 2e-5), "\(errors)")
    }
  }

  @Test func `threads and recomputation change no bit`() {
    let model = exampleModel(), frame = exampleFrame(atoms: 30)
    let program = model.program(tileSize: 4), adjoint = randomAdjoint(atoms: 30)
    let runs = [(1, false), (2, false), (3, false), (1, true), (3, true)].map {
      program.run(
        frame, model.parameters, adjoint, RunOptions(threads: $0.0, keeps: $0.1))
    }
    for run in runs.dropFirst() { #expect(run == runs[0]) }
  }

  @Test(arguments: [1, 3, 7, 100]) func `tiles say what the whole frame says`(size: Int) {
    let model = exampleModel(), frame = exampleFrame(atoms: 23)
    let adjoint = randomAdjoint(atoms: 23)
    let whole = model.program(tileSize: 23).run(frame, model.parameters, adjoint)
    let tiles = model.program(tileSize: size).run(frame, model.parameters, adjoint)
    #expect(tiles.errors(against: whole).max() ?? 1 <= 1e-13)
  }

  @Test func `a prediction by itself is that of training`() {
    let model = exampleModel(), frame = exampleFrame(atoms: 12), program = model.program()
    let training = program.run(frame, model.parameters, PredictionAdjoint(of: .energy, atoms: 12))
      .prediction
    for keeps in [false, true] {
      let sweeps = ProgramSweeps<Double>(program, threads: 2, keeps: keeps)
      let alone = model.parameters.withPointers { parameters in
        sweeps.prepare(parameters)
        return sweeps.predict(ProgramFrame(frame, program))
      }
      #expect(alone == training)
    }
  }

  @Test func `padding atoms change nothing, and a frame may have nothing else`() {
    let model = exampleModel(), frame = exampleFrame(atoms: 12), program = model.program()
    var padded = frame, adjoint = randomAdjoint(atoms: 12)
    let plain = program.run(frame, model.parameters, adjoint)
    padded.types.insert(-1, at: 0)
    padded.positions.insert(frame.positions[3], at: 0)
    adjoint.atomValues.insert(5, at: 0)
    adjoint.forces.insert(SIMD3(1, 2, 3), at: 0)
    let other = program.run(padded, model.parameters, adjoint)
    #expect(other.gradient == plain.gradient)
    #expect(other.prediction.energy == plain.prediction.energy)
    #expect(other.prediction.atomEnergies == [0] + plain.prediction.atomEnergies)
    #expect(other.prediction.forces == [.zero] + plain.prediction.forces)
    let nothing = Frame(types: [-1], positions: [.zero], cell: nil)
    let none = program.run(nothing, model.parameters, PredictionAdjoint(of: .energy, atoms: 1))
    #expect(none.prediction.energy == 0 && none.gradient.float64.allSatisfy { $0 == 0 })
  }
}
