import Foundation
import TestSupport
import Testing

/// The whole chain through make, on a handful of frames: what runs, and what does not.
struct PipelineTests {
  @Test func `the chain makes a model, and only what changed runs again`() throws {
    try inPipeline { pipeline in
      let everything = [
        "training.h5", "validation.h5", "stat.h5", "run", "model.h5", "errors.txt",
        "errors-training.txt",
      ]
      let after = ["model.h5", "errors.txt", "errors-training.txt"]
      let first = try pipeline.make("train", "STEPS=3")
      #expect(first.exitCode == 0, "\(first.messages)")
      #expect(pipeline.stages(first).sorted() == everything.sorted())
      #expect(first.output.contains("Model: build/tiny/model.h5"))
      #expect(first.output.contains("make eval SYSTEM=tiny"))

      #expect(try pipeline.stages("train", "STEPS=3") == [])
      try pipeline.touchEverything()
      #expect(try pipeline.stages("train", "STEPS=3") == [])
      #expect(try pipeline.stages("train", "STEPS=4") == ["run"] + after)

      try pipeline.changeByte(of: "raw/validation/c/set.000/force.npy")
      let validated = try pipeline.stages("train", "STEPS=4")
      #expect(validated == ["validation.h5", "run"] + after)
      try pipeline.changeByte(of: "raw/a/set.000/coord.npy")
      let changed = try pipeline.stages("train", "STEPS=4")
      #expect(Set(changed) == Set(everything).subtracting(["validation.h5"]))
      #expect(try pipeline.stages("eval") == [], "as many steps as train had")
    }
  }

  @Test func `the table at the end has the errors of the model before, on the same data`() throws {
    try inPipeline { pipeline in
      func force(_ arguments: String...) throws -> String {
        let run = try pipeline.make(["train"] + arguments)
        #expect(run.exitCode == 0, "\(run.messages)")
        #expect(!run.output.contains("\u{1B}"), "no colors where nobody looks")
        let line = run.output.split(separator: "\n").last { $0.hasPrefix("  force ") }
        return String(try #require(line))
      }
      let first = try force("STEPS=3")
      #expect(!first.contains("was") && first.contains("eV/Å"))
      let shown = first.split(separator: " ")[2]
      let longer = try force("STEPS=9")
      #expect(longer.contains("(was \(shown))"), "\(longer)")
      #expect(try force("STEPS=9") == longer, "the same is shown again")
      try pipeline.changeByte(of: "raw/validation/c/set.000/force.npy")
      #expect(try !force("STEPS=9").contains("was"), "errors on other data")
    }
  }

  @Test func `a report makes what it needs, and the same page again`() throws {
    try inPipeline { pipeline in
      let first = try pipeline.make("report", "STEPS=3")
      #expect(first.exitCode == 0, "\(first.messages)")
      let stages = pipeline.stages(first)
      for name in [
        "errors.json", "errors-training.json", "predictions.h5", "training.json", "data.json",
      ] {
        #expect(stages.contains(name))
      }
      let place = pipeline.folder.appending(path: "build/tiny/report.html")
      let page = try Data(contentsOf: place)
      #expect(try pipeline.stages("report", "STEPS=3") == [])
      #expect(try Data(contentsOf: place) == page)
    }
  }

  @Test func `the same data in another folder make the same model`() throws {
    let models = try (0..<2).map { _ in
      try inPipeline { pipeline in
        #expect(try pipeline.make("freeze", "STEPS=2").exitCode == 0)
        return try Data(contentsOf: pipeline.folder.appending(path: "build/tiny/model.h5"))
      }
    }
    #expect(models[0] == models[1])
  }

  @Test func `data of a new system need no settings`() throws {
    try inPipeline { pipeline in
      let run = try pipeline.make("stat", "SYSTEM=other")
      #expect(run.exitCode == 0, "\(run.messages)")
      let input = try String(
        contentsOf: pipeline.folder.appending(path: "build/other/input.json"), encoding: .utf8)
      #expect(input.contains("\"type_map\": [\"H\", \"O\"]"))
    }
  }

  @Test func `an unknown system is told with those there are`() throws {
    try inPipeline { pipeline in
      let run = try pipeline.make("train", "SYSTEM=wtaer", "RAW=")
      #expect(run.exitCode != 0)
      let known = "alloy cluster-property cluster copper-dpa3 copper tiny water-dipole water"
      #expect(run.messages.contains("no pipelines/wtaer: there are \(known)"))
    }
  }

  @Test func `a raw folder that is not there is named`() throws {
    try inPipeline { pipeline in
      let run = try pipeline.make("train", "RAW=missing")
      #expect(run.exitCode != 0)
      #expect(run.messages.contains("missing: no such file or folder"))
    }
  }
}
