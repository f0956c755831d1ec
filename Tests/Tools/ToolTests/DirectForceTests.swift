import Atoms
import DeepPotential
import Files
import Foundation
import Models
import Runs
import TestSupport
import Testing

/// Trainings of nets that give forces themselves.
@Suite struct DirectForceTests {
  private static let plain =
    #""type": "se_e2_a", "rcut": 4.0, "sel": [6, 10], "neuron": [4, 8], "axis_neuron": 2, "seed": 1"#
  private static let attention =
    #""type": "se_atten", "rcut": 4.0, "sel": 16, "neuron": [4, 8], "axis_neuron": 2, "attn": 6, "seed": 1"#
  private static let loss = #""start_pref_v": 0.5, "limit_pref_v": 1"#

  /// Runs `body` in a folder with an input for `steps` steps with the fitting net `type`.
  private func withDirectForces(
    _ type: String, _ descriptor: String = attention, steps: Int = 4,
    loss: String = #""start_pref_f": 1, "limit_pref_f": 1"#, rate: String = "0.001",
    _ body: (URL) throws -> Void
  ) throws {
    try withTraining(replacing: [
      (Self.plain, descriptor),
      (#""fitting_net": { "neuron""#, #""fitting_net": { "type": "\#(type)", "neuron""#),
      (Self.loss, loss), (#""numb_steps": 20"#, #""numb_steps": \#(steps)"#),
      (#""disp_freq": 5"#, #""disp_freq": 1"#), (#""save_freq": 10"#, #""save_freq": 2"#),
      (#""start_lr": 0.001"#, #""start_lr": \#(rate)"#),
    ]) { try body($0) }
  }

  private func run(_ tool: String, _ arguments: String..., in folder: URL) throws -> Finished {
    let run = try runTool(tool, arguments, in: folder)
    #expect(run.exitCode == 0, "\(tool) \(arguments): \(run.messages)")
    return run
  }

  @Test(arguments: ["direct_force", "direct_force_ener"], [plain, attention])
  func `threads and an interruption change no byte of a training`(
    type: String, descriptor: String
  ) throws {
    try withDirectForces(type, descriptor) { folder in
      let (end, messages) = try checkThreadsAndResume(in: folder)
      #expect(end.model.model.output == .directForces(withEnergy: type == "direct_force_ener"))
      #expect(messages.contains("do not conserve energy"))
      let curve = try String(
        contentsOf: folder.appending(path: "one/lcurve.out"), encoding: .utf8)
      let header = try #require(curve.split(separator: "\n").first)
      #expect(header.contains("rmse_f_trn") && !header.contains("rmse_v_"))
      #expect(header.contains("rmse_e_trn") == (type == "direct_force_ener"))
      #expect(!curve.split(separator: "\n").dropFirst(2).contains { $0.contains("nan") })
    }
  }

  @Test func `forces are learned`() throws {
    try withDirectForces("direct_force", steps: 200, rate: "0.01") { folder in
      _ = try run("dp-train", "input.json", "-o", "run", in: folder)
      let lines = try String(
        contentsOf: folder.appending(path: "run/lcurve.out"), encoding: .utf8
      ).split(separator: "\n").filter { !$0.hasPrefix("#") }
      let errors = lines.map { line in
        line.split(separator: " ").compactMap { Double($0) }
      }
      // The columns are step, rmse and rmse_f of validation and training each, rate.
      func mean(_ rows: ArraySlice<[Double]>) -> Double {
        rows.reduce(0) { $0 + $1[4] } / Double(rows.count)
      }
      try #require(errors.count == 200 && errors.allSatisfy { $0.count == 6 })
      #expect(mean(errors.suffix(50)) < 0.8 * mean(errors.prefix(9)))
    }
  }

  @Test(arguments: ["direct_force", "direct_force_ener"])
  func `a model is frozen, shown, evaluated and asked by programs in C`(type: String) throws {
    try withDirectForces(type) { folder in
      let hasEnergy = type == "direct_force_ener"
      _ = try run("dp-train", "input.json", "-o", "run", in: folder)
      _ = try run("dp-freeze", "run", "-o", "model.h5", in: folder)
      let info = try run("dp-freeze", "--info", "model.h5", in: folder).output
      #expect(info.contains("no gradient of an energy"))
      #expect(info.contains("energy bias") == hasEnergy)
      let bias = try runTool(
        "dp-freeze", ["--change-bias", "data.h5", "model.h5", "-o", "shifted.h5"], in: folder)
      #expect((bias.exitCode == 0) == hasEnergy, "\(bias.messages)")
      let refused = try runTool("dp-freeze", ["run", "-o", "model.dp"], in: folder)
      #expect(refused.exitCode == 65 && refused.messages.contains(type))
      let tables = try run("dp-eval", "model.h5", "data.h5", "--predictions", "p.h5", in: folder)
      #expect(tables.output.contains("force") && !tables.output.contains("virial"))
      #expect(tables.output.contains("energy/atom") == hasEnergy)
      let said = try run(
        "dp", "test", "-m", "model.h5", "-s", "data.h5", "-d", "details", in: folder)
      #expect(said.messages.contains("Force  RMSE") && !said.messages.contains("Virial"))
      #expect(said.messages.contains("Energy RMSE") == hasEnergy)
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(files.contains("details.f.out") && !files.contains("details.v.out"))
      #expect(files.contains("details.e.out") == hasEnergy)
      try checkLibrary(folder.appending(path: "model.h5").path, hasEnergy: hasEnergy)
    }
  }

  /// A program in C gets, with and without a neighbor list, what the model predicts here.
  private func checkLibrary(_ path: String, hasEnergy: Bool) throws {
    let program = try CProgram.check.get()
    let configuration = try #require(
      try fixture("outputs/dipole.json")["configs"]?.elements.first)
    let model = try StoredModel.read(path).model, frame = try Frame(fixture: configuration)
    let expected = Evaluator(threads: 1).predict([frame], with: model)[0]
    for way in ["double", "list", "models"] {
      let done = try runProgram(
        program.path, [path, way], input: try CLibraryTests().text(of: configuration))
      #expect(done.exitCode == 0, "\(done.output)")
      #expect(done.messages.contains("do not conserve energy"), "\(done.messages)")
      let lines = done.output.split(separator: "\n").map { line in
        line.split(separator: " ").compactMap { Double($0) }
      }
      try #require(lines.count == 5)
      #expect(abs(lines[0][0] - expected.energy) <= 1e-9 && (lines[0][0] != 0) == hasEnergy)
      let forces = expected.forces.flatMap { [$0.x, $0.y, $0.z] }
      try #require(lines[2].count == forces.count)
      for (a, b) in zip(lines[2], forces) { #expect(abs(a - b) <= 1e-10) }
      #expect((lines[3] + lines[4]).allSatisfy { $0 == 0 })
    }
  }

  @Test func `descriptors survive the way to energies and back`() throws {
    try withDirectForces("direct_force") { folder in
      let text = try String(contentsOf: folder.appending(path: "input.json"), encoding: .utf8)
        .replacing(#""attn": 6"#, with: #""attn": 6, "trainable": false"#)
      for (name, type) in [("energy", "ener"), ("forces", "direct_force_ener")] {
        try text.replacing("\"direct_force\"", with: "\"\(type)\"").write(
          to: folder.appending(path: "\(name).json"), atomically: true, encoding: .utf8)
      }
      _ = try run("dp-train", "input.json", "-o", "first", in: folder)
      let there = try run(
        "dp-train", "energy.json", "--finetune", "first", "-o", "energy", in: folder)
      #expect(there.messages.contains("its descriptor alone"))
      _ = try run("dp-train", "forces.json", "--finetune", "energy", "-o", "back", in: folder)
      // The same output again: all of it goes on.
      let again = try run(
        "dp-train", "forces.json", "--finetune", "back", "-o", "again", in: folder)
      #expect(!again.messages.contains("its descriptor alone"))
      let models = try ["first", "energy", "back"].map {
        try Checkpoint.read(folder.appending(path: "\($0)/model.ckpt-4.h5").path).model.model
      }
      for other in models.dropFirst() {
        #expect(
          other.descriptor.parts[0].normalizations
            == models[0].descriptor.parts[0].normalizations)
        let theirs = Dictionary(uniqueKeysWithValues: other.tensors.map { ($0.name, $0) })
        for tensor in models[0].tensors where tensor.name.part == .descriptor {
          let from = try #require(theirs[tensor.name])
          #expect(
            models[0].parameters[tensor.precision, tensor.range]
              == other.parameters[from.precision, from.range])
        }
      }
    }
  }

  @Test(arguments: [
    ("direct_force_ener", #""start_pref_v": 0.5, "limit_pref_v": 1"#, "virials"),
    ("direct_force", #""start_pref_e": 1, "limit_pref_e": 1"#, "does not give"),
    ("direct_force", #""start_pref_ae": 1, "limit_pref_ae": 1"#, "does not give"),
  ])
  func `terms that compare what is not given are refused`(
    type: String, loss: String, word: String
  ) throws {
    try withDirectForces(type, loss: loss) { folder in
      let done = try runTool("dp-train", ["input.json", "--check"], in: folder)
      #expect(done.exitCode == 78 && done.messages.contains(word), "\(done.messages)")
    }
  }

  @Test func `a descriptor without vectors is refused`() throws {
    let angular = #""type": "se_e3", "rcut": 4.0, "sel": [6, 10], "neuron": [4, 8], "seed": 1"#
    try withDirectForces("direct_force", angular) { folder in
      let done = try runTool("dp-train", ["input.json", "--check"], in: folder)
      #expect(done.exitCode == 78 && done.messages.contains("se_e3"), "\(done.messages)")
    }
  }
}
