import Files
import Foundation
import Models
import Runs
import TestSupport
import Testing

/// Hybrids: what each of their parts has of its own.
@Suite struct HybridTests {
  /// The input of a short training of a hybrid.
  private func text(
    sel: String = "[6, 10]", far: String = #""sel": [8, 14]"#, seed: Int = 2, steps: Int = 2,
    types: String = #"["O", "H"]"#
  ) -> String {
    let hybrid = #"""
      "type": "hybrid", "list": [
        {"type": "se_e2_a", "sel": \#(sel), "rcut": 3.0, "neuron": [4, 8], "seed": 3},
        {"type": "se_e2_r", \#(far), "rcut": 4.0, "neuron": [4, 8], "seed": \#(seed)},
        {"type": "se_atten", "sel": "auto", "rcut": 3.5, "neuron": [4, 8], "attn_layer": 0}]
      """#
    let old =
      #""type": "se_e2_a", "rcut": 4.0, "sel": [6, 10], "neuron": [4, 8], "axis_neuron": 2, "seed": 1"#
    return input.replacingOccurrences(of: old, with: hybrid)
      .replacingOccurrences(of: #""numb_steps": 20"#, with: #""numb_steps": \#(steps)"#)
      .replacingOccurrences(of: #"["O", "H"]"#, with: types)
  }

  private func write(_ text: String, in folder: URL) throws {
    try text.write(to: folder.appending(path: "input.json"), atomically: true, encoding: .utf8)
  }

  private func run(_ tool: String, _ arguments: String..., in folder: URL) throws -> Finished {
    let run = try runTool(tool, arguments, in: folder)
    #expect(run.exitCode == 0, "\(tool): \(run.messages)")
    return run
  }

  private func model(_ path: String, in folder: URL) throws -> StoredModel {
    try StoredModel.read(folder.appending(path: path).path)
  }

  @Test func `the seed of any part changes the model, and --seed is that of all`() throws {
    try withTraining { folder in
      for (name, seed) in [("a", 2), ("b", 7)] {
        try write(text(seed: seed), in: folder)
        _ = try run("dp-train", "input.json", "-o", name, in: folder)
        _ = try run("dp-freeze", name, "-o", "\(name).h5", in: folder)
        _ = try run("dp-train", "input.json", "-o", "\(name)5", "--seed", "5", in: folder)
        _ = try run("dp-freeze", "\(name)5", "-o", "\(name)5.h5", in: folder)
      }
      let (a, b) = (try model("a.h5", in: folder), try model("b.h5", in: folder))
      #expect(a.model.descriptor == b.model.descriptor)
      #expect(a.model.parameters != b.model.parameters)
      #expect(try model("a5.h5", in: folder).model == model("b5.h5", in: folder).model)
      let seeds = a.definition.descriptors.map { $0["seed"] }
      #expect(seeds == [3, 2, .null])
      let devi = try runTool(
        "dp", ["model-devi", "-m", "a.h5", "b.h5", "-s", "data.h5#/a", "-o", "d.out"], in: folder)
      #expect(devi.exitCode == 0, "\(devi.messages)")
    }
  }

  @Test func `types of a fine-tuned hybrid are matched by name in each part`() throws {
    try withTraining { folder in
      try write(text(), in: folder)
      _ = try run("dp-train", "input.json", "-o", "old", in: folder)
      let swapped = text(
        sel: "[10, 6]", far: #""sel": "auto""#, steps: 1, types: #"["H", "O"]"#
      ).replacingOccurrences(of: "0.001", with: "1e-300")
        .replacingOccurrences(of: "1e-5", with: "1e-300")
      try write(swapped, in: folder)
      _ = try run("dp-train", "input.json", "--finetune", "old", "-o", "new", in: folder)
      let tuned = try Checkpoint.read(folder.appending(path: "new/model.ckpt-1.h5").path)
      let slots = tuned.model.model.descriptor.options.parts.map(\.slots)
      #expect(slots.prefix(2) == [[10, 6], [14, 8]] && slots.count == 3)
      // Forces do not depend on the bias.
      func force(_ model: String) throws -> Substring? {
        try run("dp-eval", model, "data.h5#/a", in: folder).output.split(separator: "\n")
          .first { $0.hasPrefix("  force") }
      }
      #expect(try force("new") == force("old"))
    }
  }

  @Test func `a model to start from says which part is another`() throws {
    try withTraining { folder in
      try write(text(), in: folder)
      _ = try run("dp-train", "input.json", "-o", "old", in: folder)
      try write(text(sel: "[6, 12]"), in: folder)
      let refused = try runTool(
        "dp-train", ["input.json", "--init-model", "old", "-o", "new"], in: folder)
      #expect(refused.exitCode == 78)
      #expect(refused.messages.contains("model/descriptor/list[0]/sel: is [6,12], but [6,10]"))
      let restart = try runTool(
        "dp-train", ["input.json", "--restart", "old", "-o", "new"], in: folder)
      #expect(restart.exitCode == 78 && restart.messages.contains("list[0]/sel"))
      // With the script of the model, the input may say what it wants of a descriptor.
      try write(input.replacingOccurrences(of: "20,", with: "1,"), in: folder)
      _ = try run(
        "dp-train", "input.json", "--init-model", "old", "--use-pretrain-script", "-o", "new",
        in: folder)
      let trained = try Checkpoint.read(folder.appending(path: "new/model.ckpt-1.h5").path)
      #expect(trained.model.model.descriptor.options.parts.count == 3)
    }
  }

  @Test func `statistics are those of each part, and stale when one changes`() throws {
    try withTraining { folder in
      try write(text(), in: folder)
      let told = try run("dp-stat", "input.json", "-o", "stat.h5", in: folder)
      for (name, cutoff) in [("se_e2_a", "3"), ("se_e2_r", "4"), ("se_atten", "3.5")] {
        #expect(told.output.contains("\(name), cutoff \(cutoff) Å"))
      }
      let path = folder.appending(path: "stat.h5").path
      let statistics = try readStatistics(at: path).statistics
      #expect(statistics.lists.map(\.rowWidth) == [4, 1, 4])
      #expect(statistics.lists.map(\.slots).prefix(2) == [[6, 10], [8, 14]])
      #expect(statistics.survey.nearer.map(\.cutoff) == [3, 3.5])
      // Between the numbers of neighbors within 3 and 4 Å.
      let total = statistics.survey.within(3.5).largestTotal
      #expect(total > statistics.survey.within(3).largestTotal)
      #expect(total < statistics.survey.largestTotal)
      _ = try run("dp-train", "input.json", "--statistics", "stat.h5", "-o", "run", in: folder)
      let trained = try Checkpoint.read(folder.appending(path: "run/model.ckpt-2.h5").path)
      let parts = trained.model.model.descriptor.parts
      #expect(zip(parts, statistics.lists).allSatisfy { $0.normalizations[0].mean == $1.mean })
      try write(text().replacingOccurrences(of: "3.5", with: "3.6"), in: folder)
      let stale = try runTool(
        "dp-train", ["input.json", "--statistics", "stat.h5", "-o", "next"], in: folder)
      #expect(stale.exitCode == 65 && stale.messages.contains("other values of list"))
    }
  }

  @Test func `too few slots of a part are an error with its place`() throws {
    try withTraining { folder in
      try write(text(far: #""sel": [1, 14]"#), in: folder)
      let refused = try runTool("dp-train", ["input.json", "-o", "run"], in: folder)
      #expect(refused.exitCode == 65)
      #expect(refused.messages.contains("model/descriptor/list[1]/sel: is too small: within 4"))
    }
  }
}
