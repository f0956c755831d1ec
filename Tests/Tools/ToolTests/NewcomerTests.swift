import Foundation
import TestSupport
import Testing

/// What somebody meets who has one file of data and types what the program says.
struct NewcomerTests {
  @Test(arguments: ["al.xyz", "a l's $x # 5%.xyz", "deep/er/al.xyz"])
  func `one file is enough, wherever it is and whatever its name`(name: String) throws {
    try inPipeline { pipeline in
      let place = pipeline.folder.appending(path: name).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      try pipeline.write(crystal(frames: 20), to: name)
      let arguments = ["SYSTEM=al", "RAW=\(name)", "STEPS=3"]
      let run = try pipeline.make(["train"] + arguments)
      #expect(run.exitCode == 0, "\(run.messages)")
      #expect(run.messages.contains("validation.h5: 1 system, 2 frames"))
      let note =
        "validation data: there were none, so a tenth of the frames, taken at random, are it"
      #expect(run.output.components(separatedBy: note).count == 3, "in one line, and in the end")
      #expect(run.output.contains("  3 steps in "))
      let again = try pipeline.make(["train"] + arguments)
      #expect(pipeline.stages(again) == [])
      #expect(again.output.contains(note))

      let absolute = pipeline.folder.appending(path: name).path
      let moved = try pipeline.make("train", "SYSTEM=al", "RAW=\(absolute)", "STEPS=3")
      #expect(pipeline.stages(moved) == [], "the same file by another path")
      let report = try pipeline.make(["report"] + arguments)
      #expect(report.exitCode == 0, "\(report.messages)")
      let page = pipeline.folder.appending(path: "build/al/report.html")
      #expect(try String(contentsOf: page, encoding: .utf8).contains(note))
    }
  }

  @Test func `a single frame is never shown as validation`() throws {
    try inPipeline { pipeline in
      // Told twice it is still one.
      try pipeline.write(crystal(frames: 1) + crystal(frames: 1), to: "one.xyz")
      let arguments = ["SYSTEM=one", "RAW=one.xyz", "STEPS=3"]
      let run = try pipeline.make(["train", "eval", "plot", "report"] + arguments)
      #expect(run.exitCode == 0, "\(run.messages)")
      #expect(run.output.contains("errors   training   (1 system, 2 frames)"))
      #expect(run.output.contains("none, as there are too few different frames to split"))
      for name in ["validation.h5", "errors.txt", "errors.json", "validation.json"] {
        #expect(!pipeline.has("build/one/\(name)"))
      }
      let curve = pipeline.folder.appending(path: "build/one/run/lcurve.out")
      #expect(try !String(contentsOf: curve, encoding: .utf8).contains("rmse_f_val"))

      // What was made of larger data is gone when the data are small again.
      try pipeline.write(crystal(frames: 9), to: "one.xyz")
      #expect(
        try pipeline.stages("train", "SYSTEM=one", "RAW=one.xyz", "STEPS=3").contains("errors.txt"))
      try pipeline.write(crystal(frames: 1), to: "one.xyz")
      #expect(
        try !pipeline.stages("train", "SYSTEM=one", "RAW=one.xyz", "STEPS=3").contains("errors.txt")
      )
      #expect(!pipeline.has("build/one/errors.txt") && !pipeline.has("build/one/validation.h5"))
    }
  }

  @Test func `what the summary prints works when typed`() throws {
    try inPipeline { pipeline in
      try pipeline.write(crystal(frames: 20), to: "my data.xyz")
      let run = try pipeline.make(
        "train", "SYSTEM=al", "RAW=my data.xyz", "WORK=elsewhere/al", "SEED=5", "BATCHES=2",
        "STEPS=3")
      #expect(run.exitCode == 0, "\(run.messages)")
      let next = run.output.split(separator: "\nNext:\n").last ?? ""
      let commands = next.split(separator: "\n").filter { $0.firstMatch(of: /^  [^ ]/) != nil }
      #expect(commands.count == 5)
      for command in commands {
        let typed = command.replacing("STEPS=20000", with: "STEPS=6").replacing(
          "DATA", with: "'my data.xyz'")
        let done = try pipeline.type(String(typed))
        #expect(done.exitCode == 0, "\(typed): \(done.messages)")
        if typed.contains("make eval") {
          #expect(pipeline.stages(done) == [], "nothing has changed")
        }
        if typed.contains("make train") {
          // The same data, seed and batches, but for the steps.
          #expect(done.output.contains("    as the last time: "))
          #expect(done.output.contains("'my data.xyz'") || done.output.contains("RAW=my data.xyz"))
          #expect(done.output.contains("SEED=5") && done.output.contains("BATCHES=2"))
          #expect(!pipeline.stages(done).contains("training.h5"))
          #expect(pipeline.stages(done).contains("run"))
          #expect(done.output.contains("  6 steps in "))
        }
      }
      let cleared = try pipeline.type("make train SYSTEM=al WORK=elsewhere/al SEED= STEPS=6")
      #expect(cleared.exitCode == 0 && !cleared.output.contains("SEED"), "\(cleared.messages)")
    }
  }

  @Test func `frames that are training and validation data are noticed, whatever the file's name`()
    throws
  {
    let others = [("data.h5#/c", "data.h5#/a"), ("\"data.h5#/c\"", "\"data.h5#/c\", \"copy.xyz\"")]
    for (old, new) in others {
      try withTraining(replacing: [(old, new)]) { folder in
        let copied = try runTool("dp-convert", ["data.h5#/a", "copy.xyz"], in: folder)
        #expect(copied.exitCode == 0, "\(copied.messages)")
        let run = try runTool("dp-train", ["--check", "input.json"], in: folder)
        #expect(run.exitCode == 0, "\(run.messages)")
        #expect(run.messages.contains("dp-train: warning: "), "\(run.messages)")
        #expect(run.messages.contains("of the validation data are in the training data, too"))
      }
    }
    try withTraining { folder in
      let run = try runTool("dp-train", ["--check", "input.json"], in: folder)
      #expect(run.exitCode == 0 && !run.messages.contains("warning"), "\(run.messages)")
    }
  }

  @Test func `a constant offset of all energies is named with the command that mends it`() throws {
    try inPipeline { pipeline in
      try pipeline.write(crystal(frames: 20), to: "al.xyz")
      try pipeline.write(crystal(frames: 20, offset: 3), to: "other.xyz")
      _ = try pipeline.make("freeze", "SYSTEM=al", "RAW=al.xyz", "STEPS=3")
      let tool = toolFolder.appending(path: "dp-eval").path
      let eval = "'\(tool)' build/al/model.h5 other.xyz"
      let first = try pipeline.type(eval)
      let line = try #require(
        first.output.split(separator: "\n").first { $0.contains("goes away") })
      let command = try #require(line.split(separator: "with: ").last)
      let found = first.output.firstMatch(of: /each element: ([0-9.]+) eV.atom/)
      let offset = try #require(found.flatMap { Double($0.1) })
      #expect(abs(offset - 3) < 0.1, "what was put there, and how far the model is")
      #expect(try pipeline.type("'\(toolFolder.path)'/\(command)").exitCode == 0)
      let second = try pipeline.type("'\(tool)' shifted.h5 other.xyz")
      #expect(!second.output.contains("off by a constant"), "\(second.output)")
      let json = try pipeline.type("\(eval) --json")
      #expect(json.output.contains("\"energy_offset\""))
    }
  }

  @Test(arguments: [
    "SYSTEM=a b", "WORK=a b", "WORK=it's", "WORK=a#b", "WORK=a%b", "SYSTEM=a$b", "WORK=a:b",
    "BIN=a b", "PREFIX=/a b", "PREFIX=relative", "PREFIX=~user/x", "MARCH=x86-64",
    "MARCH=x86-64-v2", "STEPS=abc", "STEPS=-1", "SEED=x", "NP=0", "JOBS=1 2", "PATIENCE=5.5",
  ])
  func `what make cannot deal with is refused in one sentence`(setting: String) throws {
    try inPipeline { pipeline in
      let run = try runProgram(
        "/usr/bin/make", ["help", setting], in: pipeline.folder,
        environment: ["MAKEFLAGS": "", "MAKELEVEL": ""])
      #expect(run.exitCode == 2 && run.output.isEmpty)
      #expect(run.messages.split(separator: "\n").count == 1, "\(run.messages)")
      #expect(run.messages.contains(setting.split(separator: "=")[0]))
    }
  }

  @Test func `a clone in a folder with a blank in its name is refused, others work`() throws {
    for (name, code) in [("my clone", Int32(2)), ("jürgens-klon", 0), ("a+b@c", 0)] {
      try withTemporaryFolder { folder in
        let clone = folder.appending(path: name)
        try FileManager.default.createDirectory(at: clone, withIntermediateDirectories: true)
        for part in ["Makefile", "pipelines"] {
          try FileManager.default.copyItem(
            at: checkout.appending(path: part), to: clone.appending(path: part))
        }
        let run = try runProgram(
          "/usr/bin/make", ["help"], in: clone, environment: ["MAKEFLAGS": "", "MAKELEVEL": ""])
        #expect(run.exitCode == code, "\(run.messages)")
        #expect(run.messages.contains("this folder") == (code != 0))
      }
    }
  }

  @Test func `the home folder may be written as a tilde`() throws {
    try inPipeline { pipeline in
      let run = try runProgram(
        "/usr/bin/make", ["-n", "install", "PREFIX=~/.local", "BIN=bin"], in: pipeline.folder,
        environment: ["HOME": "/home/somebody", "MAKEFLAGS": "", "MAKELEVEL": ""])
      #expect(run.exitCode == 0, "\(run.messages)")
      #expect(run.output.contains("'/home/somebody/.local/bin'") && !run.output.contains("~"))
    }
  }
}

/// An extended XYZ file of a crystal of aluminium whose atoms have moved a little, each frame
/// differently.
private func crystal(frames: Int, offset: Double = 0) -> String {
  let places = [(0.0, 0.0, 0.0), (0, 2, 2), (2, 0, 2), (2, 2, 0)]
  return (0..<frames).map { frame in
    let energy = -14.9 + 0.01 * Double(frame % 7) + 4 * offset
    var text = "4\nLattice=\"4 0 0 0 4 0 0 0 4\" Properties=species:S:1:pos:R:3:forces:R:3 "
    text += "energy=\(energy) pbc=\"T T T\"\n"
    for (atom, (x, y, z)) in places.enumerated() {
      let shift = 0.05 * Double((frame * 5 + atom * 3) % 11) / 11 + 0.001 * Double(frame)
      text += "Al \(x + shift) \(y - shift) \(z) \(-shift) \(shift) 0\n"
    }
    return text
  }.joined()
}
