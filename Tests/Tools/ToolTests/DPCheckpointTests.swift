import Atoms
import Datasets
import Files
import Foundation
import TestSupport
import Testing

/// The commands of `dp` on checkpoints by step, on descriptors, and what they say of models.
struct DPCheckpointTests {
  private func dp(_ arguments: [String], in folder: URL) throws -> Finished {
    try runTool("dp", arguments, in: folder)
  }

  @Test func `every command finds the checkpoint of a step by each backend's name for it`() throws {
    try withTraining { folder in
      #expect(try dp(["train", "input.json"], in: folder).exitCode == 0)
      func frozen(_ name: String, _ flag: String = "--tf") throws -> Data {
        let run = try dp([flag, "freeze", "-c", name, "-o", "m.dp"], in: folder)
        #expect(run.exitCode == 0, "\(name): \(run.messages)")
        return try Data(contentsOf: folder.appending(path: "m.dp"))
      }
      let ten = try frozen("model.ckpt-10.h5"), twenty = try frozen("model.ckpt-20.h5")
      #expect(ten != twenty)
      for name in [
        "model.ckpt-10", "model.ckpt-10.pt", "model.ckpt-10.index", "./model.ckpt-10.pd",
      ] { #expect(try frozen(name, "--pt") == ten, "\(name)") }
      for name in ["model.ckpt", "model.ckpt.pt", "model.ckpt.jax", "model.ckpt-20.pt", "."] {
        // Found through the folder, its path is another, which the provenance records.
        let run = try dp(["freeze", "-c", name, "-o", "m.dp"], in: folder)
        #expect(run.exitCode == 0 && run.messages.contains("after 20 steps"), "\(name)")
      }
      let early = "model.ckpt-10.pt", late = "model.ckpt-20.pt"
      for arguments in [
        ["test", "-m", early, "-s", "data.h5#/a"],
        ["model-devi", "-m", early, late, "-s", "data.h5#/a"], ["show", early, "size"],
        ["change-bias", early, "-s", "data.h5#/a", "-o", "b.pth"],
        ["compress", "-i", early, "-o", "c.pth"],
        ["eval-desc", "-m", early, "-s", "data.h5#/a"],
      ] {
        let run = try dp(arguments, in: folder)
        #expect(run.exitCode == 0, "\(arguments): \(run.messages)")
      }
      for (arguments, name) in [
        (["freeze", "-c"], "model.ckpt-15.pt"), (["show"], "model.ckpt-15"),
        (["train", "input.json", "--restart"], "model.ckpt-15.index"),
        (["train", "input.json", "--finetune"], "model.ckpt-15.pt"),
      ] {
        let run = try dp(arguments + [name], in: folder)
        #expect(run.exitCode == 66)
        #expect(run.messages.contains("no checkpoint after 15 steps, but after 10, 20"))
      }
      // A restart goes back to the step that was named.
      let back = try dp(["train", "input.json", "--restart", early], in: folder)
      #expect(back.exitCode == 0 && back.messages.contains("continuing after step 10"))
    }
  }

  /// Numbers that DeePMD-kit 3.2's `dp --pt eval-desc` writes for this model and these data.
  @Test(arguments: [
    ("a", [5, 6, 24], 0.007675224379244977, 0.005172487441817271, 0.35664707160641795),
    ("b", [4, 9, 24], 3.124586367977519e-05, 0.002550258822488182, 0.417204944979091),
    ("c", [6, 8, 24], 0.0002045212046806955, 0.005393844597927692, 0.5003307453003681),
  ])
  func `descriptors are those of dp eval-desc`(
    name: String, shape: [Int], first: Double, last: Double, sum: Double
  ) throws {
    try withTemporaryFolder { folder in
      let model = fixtures.appending(path: "se_e2_a_twoside.dp").path
      let data = fixtures.appending(path: "data").path
      let run = try dp(["eval-desc", "-m", model, "-s", data], in: folder)
      #expect(run.exitCode == 0 && run.messages.contains("descriptor shape: (5, 6, 24)"))
      let array = try readNPY(at: folder.appending(path: "desc/\(name).npy").path)
      #expect(array.shape == shape)
      #expect(abs(array.values[0] - first) <= 1e-15)
      #expect(abs((array.values.last ?? .nan) - last) <= 1e-15)
      #expect(abs(array.values.reduce(0, +) - sum) <= 1e-12)
      let single = try dp(
        ["eval-desc", "-m", model, "-s", "\(data)/\(name)", "-o", "s", "--dtype", "fp32"],
        in: folder)
      #expect(single.exitCode == 0)
      let rounded = try readNPY(at: folder.appending(path: "s/\(name).npy").path)
      #expect(rounded.values == array.values.map { Double(Float($0)) })
    }
  }

  @Test func `what dp show is asked for it says in DeePMD-kit's words`() throws {
    let run = try dp(
      ["show", "se_e2_a_twoside.dp", "type-map", "size", "descriptor", "model-branch"]
        + ["observed-type", "serialization-tree"], in: fixtures)
    #expect(run.exitCode == 0 && run.output.isEmpty)
    for line in [
      "This is a singletask model", "The type_map is ['O', 'H', 'Na']",
      "Parameters in descriptor: 432", "Parameters in fitting-net: 738",
      "Parameters in total: 1,170", "'sel': [17, 19, 20], 'type': 'se_e2_a'",
      "The model has no branches", "Number of observed types: 3",
      "Model standard (size=2.5K)\n├──descriptor -> Descriptor se_e2_a (size=1.8K)\n",
      "│  │     └──[0...8] -> EmbeddingNetwork (size=48)\n",
      "               └──2 -> Layer (size=8)",
    ] { #expect(run.messages.contains(line), "\(line)") }
    #expect(!run.messages.contains("fitting_net parameter"))
  }

  @Test(arguments: ["--jax", "--pd", "--paddle", "--pt-expt", "--tf2"])
  func `backends that nobody expects are said to change names only`(flag: String) throws {
    let run = try dp([flag, "show", "se_e2_a_twoside.dp", "type-map"], in: fixtures)
    #expect(run.exitCode == 0 && run.messages.contains("ours all the same"))
    let usual = try dp(["--pt", "show", "se_e2_a_twoside.dp", "type-map"], in: fixtures)
    #expect(!usual.messages.contains("ours all the same"))
  }

  @Test func `hints name what dp has, and the tools' hints what they have`() throws {
    let save = [("\"save_freq\": 10", "\"save_freq\": 10, \"save_dir\": \"x\"")]
    try withTraining(replacing: save) { folder in
      let own = try runTool("dp-train", ["input.json"], in: folder)
      #expect(own.exitCode == 78 && own.messages.contains("--output"))
      let run = try dp(["train", "input.json"], in: folder)
      #expect(run.exitCode == 78 && run.messages.contains("in the present folder"))
      #expect(!run.messages.contains("--output"))
      let none = try dp(["freeze"], in: folder)
      #expect(none.exitCode == 66 && none.messages.contains("run dp train first"))
    }
  }

  @Test func `virials deviate relative to their size as DeePMD-kit has it`() throws {
    try withTemporaryFolder { folder in
      let system = try readSystems(at: fixtures.appending(path: "data/a").path)[0]
      try writeSystems([system.firstFrame], toHDF5: folder.appending(path: "one.h5").path)
      let models = ["se_e2_a_oneside.dp", "train_init.dp"].map {
        fixtures.appending(path: $0).path
      }
      func numbers(_ options: [String]) throws -> [Double] {
        let run = try dp(
          ["model-devi", "-m"] + models + ["-s", "one.h5", "-o", "d.out"] + options, in: folder)
        #expect(run.exitCode == 0, "\(run.messages)")
        let text = try String(contentsOf: folder.appending(path: "d.out"), encoding: .utf8)
        return text.split(separator: "\n").last?.split(separator: " ").compactMap { Double($0) }
          ?? []
      }
      // Recorded from `dp --pt model-devi` of 3.2, with --relative_v 0.5 and with --real_error too.
      let relative = try numbers(["--relative_v", "0.5"])
      let real = try numbers(["--relative_v", "0.5", "--real_error"])
      for (found, wanted) in zip(
        relative[1...3] + real[1...3],
        [2.383347e-3, 5.073429e-5, 9.977609e-4, 3.440038e-1, 4.831249e-3, 1.852893e-1])
      { #expect(abs(found - wanted) <= 2e-6 * wanted) }
      let one = try dp(["model-devi", "-m", models[0], "-s", "one.h5"], in: folder)
      #expect(one.exitCode == 64 && one.messages.contains("--real_error"))
    }
  }
}

extension AtomicSystem {
  /// The system with its first frame alone.
  fileprivate var firstFrame: AtomicSystem {
    var one = self
    one.frameCount = 1
    one.positions = Array(positions.prefix(3 * types.count))
    one.cells = Array(cells.prefix(9))
    one.labels = labels.mapValues { Array($0.prefix($0.count / frameCount)) }
    return one
  }
}
