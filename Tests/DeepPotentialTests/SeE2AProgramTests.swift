import Atoms
import DeepPotential
import Kernels
import Storage
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
}
