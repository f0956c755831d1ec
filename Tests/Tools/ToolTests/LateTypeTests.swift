import Atoms
import Datasets
import Foundation
import TestSupport
import Testing

/// Types that only some frames have, or that have no neighbors in the first data.
struct LateTypeTests {
  /// A system of mixed type: 24 frames of O2 H4, in some of which a Na stands for an O.
  private static func salt(hasSodium: (Int) -> Bool) throws -> AtomicSystem {
    let base: [Double] = [
      0, 0, 0, 0.76, 0.59, 0, -0.76, 0.59, 0, 3, 3, 3, 3.76, 3.59, 3, 2.24, 3.59, 3,
    ]
    var types: [Int] = [], positions: [Double] = [], energies: [Double] = []
    for frame in 0..<24 {
      let row = [0, 1, 1, hasSodium(frame) ? 2 : 0, 1, 1], shift = 0.002 * Double(frame)
      types += row
      positions += base.enumerated().map { $1 + ($0 % 4 == 0 ? shift : -shift) }
      energies.append(row.reduce(0.01 * Double(frame % 3)) { $0 + [-430.0, -15, -1300][$1] })
    }
    return try AtomicSystem(
      place: "salt", typeNames: ["O", "H", "Na"], types: Array(repeating: 0, count: 6),
      frameTypes: types, isPeriodic: true, frameCount: 24, positions: positions,
      cells: (0..<24).flatMap { _ in [8.0, 0, 0, 0, 8, 0, 0, 0, 8] }, labels: ["energy": energies]
    ).validated()
  }

  private static let input = """
    {"model": {"type_map": ["O", "H", "Na"],
      "descriptor": {"type": "se_e2_a", "sel": SEL, "rcut": 2.9, "neuron": [4, 8], "axis_neuron": 4},
      "fitting_net": {"neuron": [8, 8]}},
     "learning_rate": {"start_lr": 0.001, "decay_steps": 10},
     "loss": {"start_pref_e": 1, "limit_pref_e": 1, "start_pref_f": 0, "limit_pref_f": 0},
     "training": {"training_data": {"systems": ["DATA"], "batch_size": 1}, "numb_steps": 4,
       "disp_freq": 1, "save_freq": 4, "seed": 1}}
    """

  private static func write(
    _ name: String, data: String, slots: String, in folder: URL
  ) throws {
    let text = input.replacingOccurrences(of: "SEL", with: slots)
      .replacingOccurrences(of: "DATA", with: data)
    try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
  }

  @Test(
    arguments: [
      { $0 >= 12 }, { $0 % 2 == 1 }, { $0 == 23 }, { $0 == 10 || $0 == 17 },
    ] as [@Sendable (Int) -> Bool])
  func `a type that only some frames have is learned, and nothing looks odd`(
    _ hasSodium: @Sendable (Int) -> Bool
  ) throws {
    try withTemporaryFolder { folder in
      try writeSystems(
        [Self.salt(hasSodium: hasSodium)], toHDF5: folder.appending(path: "salt.h5").path)
      try Self.write("input.json", data: "salt.h5", slots: "[8, 16, 8]", in: folder)
      let stat = try runTool("dp-stat", ["input.json", "-o", "stat.h5"], in: folder)
      #expect(stat.exitCode == 0 && stat.messages.isEmpty == false)
      #expect(stat.output.contains("6 atoms (O1-2 H4 Na0-1)"), "\(stat.output)")
      #expect(stat.output.contains("nothing looks odd"), "\(stat.output)")
      let train = try runTool("dp-train", ["input.json", "-o", "run"], in: folder)
      #expect(train.exitCode == 0 && !train.messages.contains("warning"), "\(train.messages)")
      for line in try String(
        contentsOf: folder.appending(path: "run/lcurve.out"), encoding: .utf8
      ).split(separator: "\n").dropFirst(2) {
        // Without its bias a frame with Na is off by 870 eV over 6 atoms.
        let error = try #require(Double(line.split(separator: " ")[2]))
        #expect(error < 10, "\(line)")
      }
    }
  }

  private static let first = """
    3
    Properties=species:S:1:pos:R:3 energy=-14.2 pbc="F F F"
    O 0.1 0.0 0.0
    H 0.76 0.59 0.0
    H -0.76 0.59 0.0
    1
    Properties=species:S:1:pos:R:3 energy=-9.8 pbc="F F F"
    Na 0 0 0

    """
  private static let second = """
    3
    Properties=species:S:1:pos:R:3 energy=-24.2 pbc="F F F"
    O 0.1 0.0 0.0
    H 0.76 0.59 0.0
    Na -0.76 0.59 0.0

    """

  /// The messages of a training on first.xyz with `slots`, whose model has those of auto as an
  /// older program gave them, and then of one on second.xyz with `option`.
  private func messages(slots: String, _ option: String, _ further: String) throws -> String {
    try withTemporaryFolder { folder in
      for (name, text) in [("first.xyz", Self.first), ("second.xyz", Self.second)] {
        try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
      }
      try Self.write("first.json", data: "first.xyz", slots: slots, in: folder)
      try Self.write("second.json", data: "second.xyz", slots: further, in: folder)
      let train = try runTool("dp-train", ["first.json", "-o", "a"], in: folder)
      #expect(train.exitCode == 0, "\(train.messages)")
      // A frozen model does not say whether its slots were chosen.
      let freeze = try runTool("dp-freeze", ["a", "-o", "a.h5"], in: folder)
      #expect(freeze.exitCode == 0, "\(freeze.messages)")
      let again = try runTool("dp-train", ["second.json", option, "a.h5", "-o", "b"], in: folder)
      #expect(again.exitCode == 0, "\(again.messages)")
      return train.messages + again.messages
    }
  }

  @Test(arguments: ["--init-model", "--finetune"])
  func `auto gives slots to a type that has no neighbors yet`(_ option: String) throws {
    let found = try messages(slots: "\"auto\"", option, "\"auto\"")
    #expect(found.contains("sel [4, 4, 4]") && !found.contains("no neighbor slots"), "\(found)")
  }

  @Test(arguments: ["--init-model", "--finetune"])
  func `a type without slots in a model that is trained further is warned of`(
    _ option: String
  ) throws {
    let found = try messages(slots: "[4, 4, 0]", option, "\"auto\"")
    #expect(found.contains("a.h5: has no neighbor slots for Na (sel [4, 4, 0])"), "\(found)")
    #expect(found.contains("train anew with \"sel\": [4, 4, 4]"), "\(found)")
    // A 0 that the user writes is meant.
    let meant = try messages(slots: "[4, 4, 0]", option, "[4, 4, 0]")
    #expect(!meant.contains("no neighbor slots"), "\(meant)")
  }
}
