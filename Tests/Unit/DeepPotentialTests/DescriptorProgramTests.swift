import Atoms
import DeepPotential
import Files
import Kernels
import Models
import TestSupport
import Testing
import Training

/// Descriptors that are programs only, against numbers recorded from DeePMD-kit.
@Suite struct DescriptorProgramTests {
  static let models = [
    "se_e2_r", "se_e3", "se_e3_tebd_concat", "se_e3_tebd_strip", "se_e3_tebd_strip_hard",
    "dpa1_strip_attn0", "dpa1_strip_davg", "dpa1_strip_hard", "dpa1_concat_attn1_hard",
    "dpa1_concat_attn2", "dpa1_concat_attn2_nosmooth", "dpa1_concat_attn3", "dpa1_example",
    "se_atten_v2", "hybrid_a_r", "hybrid_a_dpa1", "hybrid_cut", "dpa2",
    "dpa2_hard", "dpa2_medium", "dpa2_plain", "dpa2_small", "dpa3", "dpa3_dynamic",
    "dpa3_linear_avg", "dpa3_noangle", "dpa3_plain",
    "dpa3_sequential", "dpa3_smallsel", "zbl", "zbl_message", "linear",
  ]

  @Test(arguments: models) func `predictions are DeePMD-kit's`(name: String) throws {
    let recorded = try RecordedProgram(name, tileSize: 3)
    let configurations = try fixture("descriptors/\(name).json")["configs"]?.elements ?? []
    #expect(configurations.count >= 3)
    for configuration in configurations {
      let frame = try Frame(fixture: configuration), out = try #require(configuration["out"])
      let run = recorded.program.run(
        frame, recorded.parameters, PredictionAdjoint(of: .energy, atoms: frame.types.count))
      let prediction = run.prediction
      let pairs: [([Double], String)] = [
        ([prediction.energy], "energy"), (prediction.atomEnergies, "atom_energy"),
        (flat(prediction.forces), "force"), (prediction.virial.rows, "virial"),
      ]
      for (found, key) in pairs {
        let wanted = try #require(out[key]).numbers
        #expect(found.count == wanted.count)
        let worst = zip(found, wanted).map { abs($0 - $1) }.max() ?? .infinity
        #expect(worst <= 1e-10, "\(key)")
      }
    }
  }

  @Test(arguments: models)
  func `threads and recomputation change no bit, tiles little`(name: String) throws {
    let configurations = try fixture("descriptors/\(name).json")["configs"]?.elements ?? []
    let frame = try Frame(fixture: try #require(configurations.first))
    let adjoint = randomAdjoint(atoms: frame.types.count)
    let whole = try RecordedProgram(name, tileSize: frame.types.count)
    let tiles = try RecordedProgram(name, tileSize: 2)
    let runs = [(1, false), (3, false), (2, true)].map {
      tiles.program.run(
        frame, tiles.parameters, adjoint, RunOptions(threads: $0.0, keeps: $0.1))
    }
    #expect(runs[1] == runs[0] && runs[2] == runs[0])
    let errors = runs[0].errors(against: whole.program.run(frame, whole.parameters, adjoint))
    #expect(errors.max() ?? 1 <= 1e-12)
  }

  @Test(arguments: [
    "se_e2_r", "se_e3", "se_e3_tebd", "dpa1_strip", "dpa1", "hybrid", "dpa2", "dpa3",
    "dpa3_dynamic", "zbl", "zbl_dpa3", "linear",
  ])
  func `loss and gradient are the PyTorch backend's`(name: String) throws {
    let fixture = try TestSupport.fixture("descriptors/train_parity_\(name).json")
    let recorded = try RecordedProgram("train_" + name)
    let cases = try #require(fixture["cases"]).elements
    #expect(cases.count >= 2)
    for recordedCase in cases {
      let training = try RecordedTraining(recordedCase, options: recordedCase["options"])
      let (loss, gradient) = training.evaluate(recorded.program, recorded.parameters)
      let expected = try recordedCase.number("loss")
      #expect(abs(loss - expected) <= 1e-12 * expected)
      guard case .object(let wanted)? = recordedCase["grad"] else {
        Issue.record("no gradient")
        continue
      }
      let paths = wanted.keys.sorted()
      #expect(Set(paths).isSuperset(of: recorded.places.map(\.path)))
      let found = recorded.byPath(gradient)
      // Of a net that no model uses the file has parameters, too; nothing depends on them.
      let numbers = paths.flatMap { path in
        found[path] == nil ? [] : wanted[path]?.numbers ?? []
      }
      for path in paths where found[path] == nil {
        #expect(wanted[path]?.numbers.allSatisfy { $0 == 0 } == true)
      }
      #expect(relativeError(paths.flatMap { found[$0] ?? [] }, numbers) <= 1e-10)
    }
  }

  @Test func `the gradient of se_e2_a as a program is the PyTorch backend's`() throws {
    let fixture = try TestSupport.fixture("train_parity.json")
    let model = try StoredModel.read(fixtures.appending(path: "train_init.dp").path).model
    for recordedCase in try #require(fixture["gradients"]).elements {
      let training = try RecordedTraining(recordedCase, options: fixture["loss"])
      let (loss, gradient) = training.evaluate(model.program(), model.parameters)
      let expected = try recordedCase.number("loss")
      #expect(abs(loss - expected) <= 1e-12 * expected)
      let wanted = try #require(recordedCase["grad"]).numbers
      #expect(relativeError(gradient.float64, wanted) <= 1e-12)
    }
  }
}

/// A recorded batch with its loss.
struct RecordedTraining {
  let frames: [LabeledFrame], loss: Loss, learningRate: Double

  init(_ recorded: JSONValue, options given: JSONValue?) throws {
    let given = try #require(given), batch = try #require(recorded["batch"])
    var options = EnergyLossOptions(prefactors: [:])
    for term in [EnergyLossTerm.energy, .force, .virial] {
      options.prefactors[term] = .init(
        start: try given.number("start_pref_\(term.rawValue)"),
        limit: try given.number("limit_pref_\(term.rawValue)"))
    }
    loss = .energy(
      EnergyLoss(options, startLearningRate: try given.number("starter_learning_rate")))
    learningRate = try recorded.number("lr")
    frames = try RecordedTraining.frames(batch)
  }

  private static func frames(_ batch: JSONValue) throws -> [LabeledFrame] {
    let positions = try #require(batch["coord"]).elements
    return try positions.indices.map { index in
      let cell = batch["box"]?.elements ?? []
      let frame = Frame(
        types: try #require(batch["atype"]).elements[index].wholeNumbers,
        positions: vectors(positions[index].numbers),
        cell: try cell.isEmpty ? nil : #require(Cell(rows: cell[index].numbers) as Cell?))
      var labels = FrameLabels()
      labels.energy = try #require(batch["energy"]).elements[index].numbers[0]
      labels.forces = vectors(try #require(batch["force"]).elements[index].numbers)
      if batch["find_virial"]?.double == 1 {
        labels.virial = Matrix3(rows: try #require(batch["virial"]).elements[index].numbers)
      }
      return LabeledFrame(frame, labels)
    }
  }

  /// Loss and gradient by both sweeps of a program.
  func evaluate(_ program: Program, _ parameters: Parameters) -> (Double, Parameters) {
    var batch = BatchLoss(loss, frames, learningRate: learningRate)
    var gradient = Parameters(zerosLike: parameters)
    let sweeps = ProgramSweeps<Double>(program, threads: 2)
    parameters.withPointers { pointers in
      sweeps.prepare(pointers)
      for (index, frame) in frames.enumerated() {
        let prediction = sweeps.predict(ProgramFrame(frame.frame, program), forTraining: true)
        let adjoint = batch.add(prediction, at: index)
        gradient.withGradientPointers { sweeps.addGradient(adjoint, to: $0) }
      }
    }
    return (batch.total, gradient)
  }
}

private func vectors(_ x: [Double]) -> [SIMD3<Double>] {
  stride(from: 0, to: x.count, by: 3).map { SIMD3(x[$0], x[$0 + 1], x[$0 + 2]) }
}
