import Foundation
import TestSupport
import Testing

/// "sel is too small" knows where the slots come from, and its hints lead out.
struct SlotHintTests {
  /// Two frames of 24 atoms in a cube, a third of them O.
  private static func atoms(spacing: Double, cell: Double) -> String {
    (1...2).map { frame in
      "24\nLattice=\"\(cell) 0 0 0 \(cell) 0 0 0 \(cell)\" "
        + "Properties=species:S:1:pos:R:3 energy=-9\(frame) pbc=\"T T T\"\n"
        + (0..<24).map { k in
          let place = [k / 9, k / 3 % 3, k % 3].map {
            "\(spacing * Double($0) + 0.01 * Double(frame))"
          }
          return "\(k % 3 == 0 ? "O" : "H") \(place.joined(separator: " "))\n"
        }.joined()
    }.joined()
  }

  private static func input(_ data: [String], slots: String, rest: String = "") -> String {
    """
    {"model": {"type_map": ["O", "H"],
      "descriptor": {"type": "se_e2_a", "sel": \(slots), "rcut": 2.9, "neuron": [4], "axis_neuron": 2},
      "fitting_net": {"neuron": [8]}},
     "learning_rate": {"start_lr": 0.001, "decay_steps": 10},
     "loss": {"start_pref_e": 1, "limit_pref_e": 1, "start_pref_f": 0, "limit_pref_f": 0},
     "training": {"training_data": {"systems": \(data)}, \(rest)
       "numb_steps": 4, "disp_freq": 4, "save_freq": 4}}
    """
  }

  /// Runs `body` in a folder with thin.xyz, dense.xyz, and a training on the first, a.
  private func withData(_ body: (URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let texts = [
        "thin.xyz": Self.atoms(spacing: 2.4, cell: 7.2),
        "dense.xyz": Self.atoms(spacing: 1.66, cell: 5),
        "thin.json": Self.input(["thin.xyz"], slots: "\"auto\""),
        "dense.json": Self.input(["dense.xyz"], slots: "\"auto\""),
        "both.json": Self.input(["thin.xyz", "dense.xyz"], slots: "\"auto\""),
        "hint.json": Self.input(["dense.xyz"], slots: "[8, 16]"),
        "validated.json": Self.input(
          ["thin.xyz"], slots: "\"auto\"",
          rest: "\"validation_data\": {\"systems\": [\"dense.xyz\"]},"),
        "given.json": Self.input(["dense.xyz"], slots: "[4, 8]"),
      ]
      for (name, text) in texts {
        try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
      }
      let run = try runTool("dp-train", ["thin.json", "-o", "a"], in: folder)
      try #require(run.exitCode == 0 && run.messages.contains("sel [4, 8]"), "\(run.messages)")
      try body(folder)
    }
  }

  @Test func `slots of a model, too few for other data, say that more are another model`() throws {
    try withData { folder in
      for option in ["--init-model", "--finetune", "--restart"] {
        let run = try runTool(
          "dp-train", ["dense.json", option, "a", "-o", "b", "--steps", "20"], in: folder)
        #expect(run.exitCode == 65, "\(run.messages)")
        #expect(run.messages.contains("is [4, 8], as in a/model.ckpt-4.h5: too small"))
        #expect(
          run.messages.contains("more slots are another model: train anew with \"sel\": [8, 20]"))
        #expect(!run.messages.contains("auto") && !run.messages.contains("goes on"))
        #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "b").path))
      }
      let some = try runTool("dp-train", ["both.json", "--init-model", "a", "-o", "b"], in: folder)
      #expect(some.exitCode == 65 && some.messages.contains("or leave out dense.xyz"), "\(some)")
    }
  }

  @Test func `other slots than those of the model are told with both numbers`() throws {
    try withData { folder in
      for option in ["--init-model", "--restart"] {
        let run = try runTool("dp-train", ["hint.json", option, "a", "-o", "b"], in: folder)
        #expect(run.exitCode == 78)
        #expect(
          run.messages.contains(
            "hint.json: model/descriptor/sel: is [8,16], but [4,8] in a/model.ckpt-4"),
          "\(run.messages)")
        #expect(!run.messages.contains("goes on"))
      }
    }
  }

  @Test func `slots that auto found in the training data may be too few for validation`() throws {
    try withData { folder in
      let run = try runTool("dp-train", ["validated.json", "-o", "b"], in: folder)
      #expect(run.exitCode == 65)
      #expect(
        run.messages.contains("set \"sel\": [8, 20]; \"auto\" looks at the training data alone"),
        "\(run.messages)")
    }
  }

  @Test func `given slots that are too few may be set or left to auto`() throws {
    try withData { folder in
      for arguments in [["dp-stat", "given.json"], ["dp-train", "given.json", "-o", "b"]] {
        let run = try runTool(arguments[0], Array(arguments.dropFirst()), in: folder)
        #expect(run.exitCode == 65)
        #expect(
          run.messages.contains("set \"sel\": [8, 20], or \"sel\": \"auto\""), "\(run.messages)")
      }
    }
  }

  @Test func `a restart with other settings lists them`() throws {
    try withData { folder in
      let changed = Self.input(["thin.xyz"], slots: "\"auto\"")
        .replacingOccurrences(of: "0.001", with: "0.002")
      try changed.write(
        to: folder.appending(path: "changed.json"), atomically: true, encoding: .utf8)
      let run = try runTool(
        "dp-train", ["changed.json", "--restart", "a", "-o", "b", "--steps", "8"], in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")
      #expect(
        run.messages.contains("learning_rate/start_lr is 0.002, not 0.001"), "\(run.messages)")
      let same = try runTool("dp-train", ["changed.json", "-o", "a"], in: folder)
      #expect(same.exitCode == 73)
      #expect(
        same.messages.contains("learning_rate/start_lr is 0.002, not 0.001"), "\(same.messages)")
    }
  }
}
