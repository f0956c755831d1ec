import Files
import Foundation
import TestSupport
import Testing

/// Runs a line of shell in `folder` where `dp` is this package's.
private func shell(_ line: String, in folder: URL) throws -> Finished {
  let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
  return try runProgram(
    "/bin/sh", ["-c", line], in: folder, environment: ["PATH": "\(toolFolder.path):\(path)"])
}

private func exists(_ names: [String], in folder: URL) -> Bool {
  names.allSatisfy { FileManager.default.fileExists(atPath: folder.appending(path: $0).path) }
}

/// `dp` as DP-GEN and its users call it.
struct DPTests {
  /// The lines that DP-GEN 0.14 writes for a training (dpgen/generator/run.py, run_train_dp), with
  /// its log.
  private func dpgenLines(_ suffix: String, _ flags: String, start: String, extra: String = "")
    -> String
  {
    """
    /bin/sh -c '{ if [ ! -f model.ckpt\(suffix) ]; then dp\(flags) train input.json\(extra)\(start); \
    else dp\(flags) train input.json\(extra) --restart model.ckpt; fi }' 1>>train.log 2>>train.log \
    && dp\(flags) freeze 1>>train.log 2>>train.log && dp\(flags) compress 1>>train.log 2>>train.log
    """
  }

  /// What DP-GEN takes back with it.
  private let collected = ["lcurve.out", "train.log", "checkpoint"]
  private let tensorFlow = [
    "model.ckpt.meta", "model.ckpt.index", "model.ckpt.data-00000-of-00001",
  ]

  @Test
  func `DP-GEN's lines train, restart, start from the model before, and leave what it collects`()
    throws
  {
    try withTraining { folder in
      let first = dpgenLines(".index", "", start: "", extra: " --skip-neighbor-stat")
      #expect(try shell(first, in: folder).exitCode == 0)
      let models = ["frozen_model.pb", "frozen_model_compressed.pb"]
      #expect(exists(collected + tensorFlow + models, in: folder))
      let model = try Data(contentsOf: folder.appending(path: models[0]))
      #expect(try Data(contentsOf: folder.appending(path: models[1])) == model)
      // Again, as after an interruption, it takes the other branch and has nothing to do.
      #expect(try shell(first, in: folder).exitCode == 0)
      #expect(try Data(contentsOf: folder.appending(path: models[0])) == model)

      // The next iteration starts from what DP-GEN forwards of this one.
      let next = folder.appending(path: "next")
      let old = next.appending(path: "old")
      try FileManager.default.createDirectory(at: old, withIntermediateDirectories: true)
      for name in tensorFlow + ["input.json", "data.h5", models[0]] {
        let to = name.hasPrefix("model") ? old : next
        try FileManager.default.copyItem(
          at: folder.appending(path: name),
          to: name == models[0] ? old.appending(path: "init.pb") : to.appending(path: name))
      }
      for start in [
        " --init-model old/model.ckpt", " --init-frz-model old/init.pb", " --finetune old/init.pb",
      ] {
        let run = try shell(dpgenLines(".index", "", start: start), in: next)
        let log = try String(contentsOf: next.appending(path: "train.log"), encoding: .utf8)
        #expect(run.exitCode == 0, "\(log)")
        #expect(exists(collected + tensorFlow + models, in: next))
        #expect(try Data(contentsOf: next.appending(path: models[0])) != model)
        _ = try shell("rm -f model.ckpt* checkpoint frozen* lcurve.out train.log", in: next)
      }
    }
  }

  @Test func `with --pt files have the PyTorch backend's names`() throws {
    try withTraining { folder in
      let run = try shell(dpgenLines(".pt", " --pt", start: ""), in: folder)
      #expect(run.exitCode == 0)
      let models = ["frozen_model.pth", "frozen_model_compressed.pth"]
      #expect(exists(collected + ["model.ckpt.pt"] + models, in: folder))
      #expect(!exists(["model.ckpt.index"], in: folder))
      let exportable = "dp --pt-expt freeze -c model.ckpt.pt -o frozen_model.pt2 --lower-kind nlist"
      #expect(try shell(exportable, in: folder).exitCode == 0)
      #expect(exists(["frozen_model.pt2"], in: folder))
      let environment = try shell("DP_BACKEND=pytorch dp freeze -o second", in: folder)
      #expect(environment.exitCode == 0 && exists(["second.pth"], in: folder))
    }
  }

  @Test func `the newest checkpoint has its other names at every checkpoint, not only at the end`()
    throws
  {
    try withTraining { folder in
      let stopped = try runTool(
        "dp-train", ["input.json", "-o", ".", "--newest-as", ".index", "--until", "10"], in: folder)
      #expect(stopped.exitCode == 75)
      let same = "cmp model.ckpt.index model.ckpt-10.h5"
      #expect(try shell(same, in: folder).exitCode == 0)
      // A training that was killed before it gave the names gives them when it goes on.
      #expect(try shell("rm model.ckpt.index && dp train input.json", in: folder).exitCode == 0)
      #expect(try shell("cmp model.ckpt.index model.ckpt-20.h5", in: folder).exitCode == 0)
      let plain = try runTool("dp-train", ["input.json", "-o", "plain"], in: folder)
      #expect(plain.exitCode == 0)
      #expect(try shell("cmp model.ckpt.index plain/model.ckpt-20.h5", in: folder).exitCode == 0)
      let written = try JSONValue(
        parsing: Data(contentsOf: folder.appending(path: "out.json")), at: "out.json")
      #expect(written["training"]?["numb_steps"]?.int == 20)
    }
  }

  @Test func `dp test logs what DeePMD-kit logs`() throws {
    let run = try runTool(
      "dp", ["test", "-m", "se_e2_a_oneside.dp", "-s", "train_data.hdf5"], in: fixtures)
    #expect(run.exitCode == 0 && run.output.isEmpty)
    let sample = try String(
      contentsOf: fixtures.appending(path: "samples/dp_test.log"), encoding: .utf8)
    /// The log without the times, and without the path before the data.
    func lines(_ text: String) -> [String] {
      text.split(separator: "\n").compactMap { line in
        line.firstRange(of: "DEEPMD INFO ").map { String(line[$0.upperBound...]) }
      }.map { $0.replacingOccurrences(of: "FIXTURES/", with: "") }
    }
    let found = lines(run.messages), wanted = lines(sample)
    #expect(found.count == wanted.count && found.count > 40)
    for (found, wanted) in zip(found, wanted) {
      let parts = found.split(separator: " : "), expected = wanted.split(separator: " : ")
      #expect(parts[0] == expected[0])
      if let value = number(wanted) {
        #expect(abs((number(found) ?? .nan) - value) <= 2e-6 * abs(value), "\(found) | \(wanted)")
      } else {
        #expect(found == wanted)
      }
    }
  }

  /// The number before a unit; nil if there is none.
  private func number(_ line: String) -> Double? {
    line.firstMatch(of: /: ([0-9.e+-]+) eV/).flatMap { Double($0.1) }
  }

  @Test func `dp test takes lists, numbers of frames, details and the data of an input`() throws {
    try withTraining { folder in
      try "data.h5#/a\n\ndata.h5#/b\n".write(
        to: folder.appending(path: "list"), atomically: true, encoding: .utf8)
      let model = fixtures.appending(path: "se_e2_a_oneside.dp").path
      let listed = try runTool(
        "dp", ["test", "-m", model, "-f", "list", "-n2", "-d", "detail", "-a"], in: folder)
      #expect(listed.exitCode == 0, "\(listed.messages)")
      #expect(listed.messages.contains("# number of systems : 2"))
      #expect(listed.messages.contains("number of test data : 2 "))
      #expect(listed.messages.contains("note: -a: energies of atoms are not compared"))
      #expect(exists(["detail.e.out", "detail.f.out", "detail.v.out"], in: folder))
      let training = try runTool(
        "dp", ["test", "-m", model, "--train-data", "input.json"], in: folder)
      #expect(training.messages.contains("# number of systems : 2"))
      let validation = try runTool(
        "dp", ["--json", "test", "-m", model, "--valid-data", "input.json"], in: folder)
      let json = try JSONValue(parsing: validation.output.utf8, at: "output")
      #expect(json["systems"]?.elements.count == 1)
      let shuffled = try runTool(
        "dp", ["test", "-m", model, "-s", "data.h5", "-n", "2", "--shuffle-test"], in: folder)
      #expect(shuffled.exitCode == 64 && shuffled.messages.contains("--shuffle-test"))
    }
  }

  @Test func `dp neighbor-stat counts what DeePMD-kit counts`() throws {
    let arguments = ["neighbor-stat", "-s", "train_data.hdf5", "-r", "4.0", "-t", "O", "H"]
    let run = try runTool("dp", arguments, in: fixtures)
    #expect(run.exitCode == 0)
    #expect(run.messages.contains("min_nbor_dist: 1.175280\n"))
    #expect(run.messages.contains("max_nbor_size: [4 6]\n"))
    let mixed = try runTool("dp", arguments + ["--mixed-type"], in: fixtures)
    #expect(mixed.messages.contains("max_nbor_size: [9]\n"))
    let unknown = try runTool("dp", Array(arguments.dropLast()), in: fixtures)
    #expect(unknown.exitCode == 65 && unknown.messages.contains("H"))
  }

  @Test func `dp model-devi writes the file that DP-GEN reads`() throws {
    try withTemporaryFolder { folder in
      for name in ["graph.000.pb", "graph.001.pb"] {
        let source = name.contains("000") ? "se_e2_a_oneside.dp" : "se_e2_a_davgzero.dp"
        try FileManager.default.copyItem(
          at: fixtures.appending(path: source), to: folder.appending(path: name))
      }
      try FileManager.default.copyItem(
        at: fixtures.appending(path: "data"), to: folder.appending(path: "data.rest.old"))
      // As in dpgen/simplify/simplify.py, run_model_devi, and in run.py for GROMACS.
      let line =
        "rm -f details && dp model-devi -m ./graph.000.pb ./graph.001.pb -s data.rest.old -o details"
      let run = try shell(line, in: folder)
      try #require(run.exitCode == 0, "\(run.messages)")
      let text = try String(contentsOf: folder.appending(path: "details"), encoding: .utf8)
      let lines = text.split(separator: "\n")
      #expect(lines.filter { $0.hasPrefix("# data.rest.old/") }.count == 3)
      let header = try #require(lines.first { $0.contains("max_devi_f") })
      #expect(header.split(separator: " ").contains("devi_e"))
      let real = try shell("\(line) --real_error -f 10 --atomic --relative 0.5", in: folder)
      #expect(real.exitCode == 0)
      #expect(
        try shell("dp model-devi -m graph.000 graph.001 -s nowhere", in: folder).exitCode == 66)
    }
  }

  @Test func `dp change-bias and dp show are dp-freeze's work`() throws {
    try withTraining { folder in
      let model = fixtures.appending(path: "se_e2_a_oneside.dp").path
      let change = try shell(
        "cp \(model) m.pb && dp change-bias m.pb -s data.h5 -n 2 -m set", in: folder)
      #expect(change.exitCode == 0 && exists(["m_updated.pb"], in: folder))
      let given = try shell("dp change-bias m.pb -b -93.57 -187.1 -o given.pb", in: folder)
      #expect(given.exitCode == 0, "\(given.messages)")
      let show = try shell("dp show given.pb", in: folder)
      #expect(show.exitCode == 0 && show.output.contains("-93.57"))
    }
  }

  @Test func `what cannot be had is refused with 64, and says so`() throws {
    for (arguments, text) in [
      (["gui"], "gui: is a command of DeePMD-kit that is not here"),
      (["convert-backend", "a.pb", "b.pth"], "b.pth: cannot be written"), (["tset"], "tset"),
      (["--tf", "--pt", "freeze"], "--pt"), (["train", "in.json", "--force-load"], "--force-load"),
      (["-b", "theano", "freeze"], "theano"),
      (["train"], "input"), (["neighbor-stat", "-s", "."], "rcut"),
      (["train", "a.json", "--init-model", "a", "--restart", "b"], "exclude"),
      (["model-devi", "-m", "a.pb"], "names one model"),
    ] {
      let run = try runTool("dp", arguments, in: fixtures)
      #expect(run.exitCode == 64, "\(arguments)")
      #expect(run.messages.contains(text), "\(arguments): \(run.messages)")
    }
  }

  @Test func `short options behind a command are the command's`() throws {
    let arguments = ["-m", "se_e2_a_oneside.dp", "-s", "train_data.hdf5", "-n", "1"]
    let quiet = try runTool("dp", ["test"] + arguments + ["-v", "ERROR"], in: fixtures)
    #expect(quiet.exitCode == 0 && quiet.messages.isEmpty)
    let verbose = try runTool("dp", ["-v", "test"] + arguments + ["-l", "log"], in: fixtures)
    #expect(verbose.exitCode == 0 && verbose.messages.contains("-l log"))
    let freeze = ["freeze", "-c", "no", "-v", "3"]
    #expect(try runTool("dp", ["-b", "pt"] + freeze, in: fixtures).messages.contains("no.pth"))
  }

  @Test func `without a command it helps, and commands have help of their own`() throws {
    let run = try runTool("dp")
    #expect(run.exitCode == 0 && run.output.contains("SUBCOMMANDS"))
    for command in [
      "train", "freeze", "test", "compress", "model-devi", "neighbor-stat", "change-bias", "show",
      "eval-desc",
    ] {
      #expect(try runTool("dp", [command, "-h"]).output.contains("USAGE: dp \(command)"))
    }
  }
}
