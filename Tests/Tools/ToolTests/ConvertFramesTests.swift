import Atoms
import Datasets
import Files
import Foundation
import TestSupport
import Testing

/// Which frames dp-convert writes, and where: `--select`, `--deviation`, `--split`, `--unmix`,
/// `--force`.
struct ConvertFramesTests {
  private static let data = fixtures.appending(path: "data").path

  private func convert(_ arguments: [String], in folder: URL) throws -> Finished {
    try runTool("dp-convert", arguments, in: folder)
  }

  private func energies(_ systems: [AtomicSystem]) -> [Double] {
    systems.flatMap { $0.labels["energy"] ?? [] }
  }

  private func energies(of name: String, in folder: URL) throws -> [Double] {
    energies(try readSystems(at: folder.appending(path: name).path))
  }

  @Test(arguments: [
    ("0,5,-1", [0, 5, 14]), ("9,0,5,0", [0, 5, 9]), ("-1", [14]), ("0:100:7", [0, 7, 14]),
    ("-3:", [12, 13, 14]), (":2,4", [0, 1, 4]), ("-100:1", [0]), ("@list", [0, 3, 7, 8, 14]),
  ])
  func `frames are selected by numbers and ranges as in Python`(
    text: String, expected: [Int]
  ) throws {
    try withTemporaryFolder { folder in
      let list = "# mine\n0 3\n7:9, -1  # the last\n"
      try Data(list.utf8).write(to: folder.appending(path: "list"))
      let text = text == "@list" ? "@\(folder.path)/list" : text
      let run = try convert(["--select", text, Self.data, "x.h5"], in: folder)
      #expect(run.exitCode == 0)
      #expect(run.messages.hasPrefix("--select: \(expected.count) of 15 frames\n"))
      let all = energies(try readSystems(at: Self.data))
      #expect(try energies(of: "x.h5", in: folder) == expected.map { all[$0] })
    }
  }

  @Test(arguments: [
    ("15", 65, "no frame 15 among 15"), ("-16", 65, "no frame -16 among 15"),
    ("-9223372036854775808", 65, "among 15"), ("3:3", 65, "selects none of 15"),
    ("1,,2", 64, "''"), ("", 64, "''"), ("1:2:0", 64, "'1:2:0'"), ("a", 64, "'a'"),
    ("1.5", 64, "'1.5'"), ("@none", 66, "none: "), ("@bad", 65, "bad:2: 'q'"),
    ("@empty", 65, "names no frames"),
  ])
  func `a selection that cannot be is refused, and nothing is written`(
    text: String, code: Int32, message: String
  ) throws {
    try withTemporaryFolder { folder in
      try Data("1\nq".utf8).write(to: folder.appending(path: "bad"))
      try Data("# 1\n".utf8).write(to: folder.appending(path: "empty"))
      let run = try convert(["--select", text, Self.data, "x.h5"], in: folder)
      #expect(run.exitCode == code)
      #expect(run.messages.contains(message))
      #expect(try contents(of: folder) == ["bad", "empty"])
    }
  }

  /// A file of deviations 0, 0.05, 0.1, ... of force for systems of so many frames; those of virial
  /// are ten times it.
  private func deviations(_ systems: [Int], named: Bool = true) -> String {
    let header = "#       step    max_devi_v  min_devi_v  max_devi_f  min_devi_f\n"
    var text = named ? "" : header
    for (number, frames) in systems.enumerated() {
      if named { text += "# data/\(number)\n" + header }
      for frame in 0..<frames {
        text += "  \(frame * 10)  \(0.5 * Double(frame))  0  \(0.05 * Double(frame))e0  0\n"
      }
    }
    return text
  }

  @Test(arguments: [true, false])
  func `frames between two deviations are taken, at most so many, by the seed`(
    named: Bool
  ) throws {
    try withTemporaryFolder { folder in
      let text = deviations([5, 4, 6], named: named)
      try Data(text.utf8).write(to: folder.appending(path: "d.out"))
      func selected(_ options: String...) throws -> [Double] {
        let run = try convert(
          ["--deviation", "d.out"] + options + [Self.data, "x.h5"], in: folder)
        #expect(run.exitCode == 0)
        return try energies(of: "x.h5", in: folder)
      }
      let all = energies(try readSystems(at: Self.data))
      // The lower limit is a candidate, the upper one is not.
      let expected = [1, 2, 6, 7, 10, 11].map { all[$0] }
      #expect(try selected("--between", "0.05:0.12") == expected)
      #expect(try selected("--between", "0.5:1.2", "--by", "max_devi_v") == expected)
      #expect(try selected("--between", "0.22:") == [all[14]])
      let some = try selected("--between", "0.05:0.12", "--most", "3")
      #expect(some.count == 3 && some.allSatisfy(expected.contains))
      #expect(try selected("--between", "0.05:0.12", "--most", "3") == some)
      let others = try (2..<8).map {
        try selected("--between", "0.05:0.12", "--most", "3", "--seed", "\($0)")
      }
      #expect(others.contains { $0 != some })
      #expect(try selected("--between", "0.05:0.12", "--most", "100") == expected)
    }
  }

  @Test func `deviations that do not fit the data are refused`() throws {
    try withTemporaryFolder { folder in
      let cases = [
        (deviations([5, 4, 5]), "14 lines, but the inputs have 15 frames"),
        (deviations([4, 5, 6]), "has 4 lines for 'data/0', but"),
        (deviations([9, 6]), "is of 2 systems, but the inputs have 3"),
        ("0 1 2 3 4\n", "expected a header"),
        (deviations([5, 4, 6]) + "0 1\n", "has 2 numbers, expected 5"),
        (deviations([5, 4, 6]) + "0 1 2 x 4\n", "'x' is no number"),
        ("# step max_devi_v\n0 1\n", "no column max_devi_f"), ("", "no lines"),
      ]
      for (text, message) in cases {
        try Data(text.utf8).write(to: folder.appending(path: "d.out"))
        let run = try convert(
          ["--deviation", "d.out", "--between", "0:1", Self.data, "x.h5"], in: folder)
        #expect(run.exitCode == 65)
        #expect(run.messages.contains(message))
      }
      for options in [
        ["--deviation", "d.out"], ["--between", "0:1"], ["--most", "3"], ["--by", "max_devi_v"],
        ["--deviation", "d.out", "--between", "1:0"], ["--seed", "1"],
        ["--deviation", "d.out", "--between", "0:1", "--most", "0"],
        ["--deviation", "d.out", "--between", "0:1", "--select", "0"],
      ] {
        #expect(try convert(options + [Self.data, "x.h5"], in: folder).exitCode == 64)
      }
      #expect(try contents(of: folder) == ["d.out"])
    }
  }

  @Test func `whole systems, compositions, or every n-th frame are for validation`() throws {
    try withTemporaryFolder { folder in
      func split(_ options: String...) throws -> (training: [Int], validation: [Int]) {
        let run = try convert(options + [Self.data, "t.h5", "v.h5"], in: folder)
        #expect(run.exitCode == 0)
        let parts = try ["t.h5", "v.h5"].map {
          try readSystems(at: folder.appending(path: $0).path).map(\.frameCount)
        }
        return (parts[0], parts[1])
      }
      for unit in ["systems", "composition"] {
        let parts = try split("--split", "0.3", "--split-by", unit)
        #expect(parts.validation.count == 1)
        #expect((parts.training + parts.validation).sorted() == [4, 5, 6])
      }
      let all = energies(try readSystems(at: Self.data))
      _ = try split("--every", "4")
      #expect(try energies(of: "v.h5", in: folder) == [3, 7, 11].map { all[$0] })
      for options in [
        ["--every", "1"], ["--every", "3", "--split", "0.1"], ["--split-by", "systems"],
      ] {
        #expect(try convert(options + [Self.data, "t.h5", "v.h5"], in: folder).exitCode == 64)
      }
      let one = ["--split", "0.1", "--split-by", "systems", "\(Self.data)/a", "t.h5", "v.h5"]
      #expect(try convert(one, in: folder).exitCode == 65)
    }
  }

  @Test func `an existing folder is refused with 73 and replaced whole by --force`() throws {
    try withTemporaryFolder { folder in
      #expect(try convert([Self.data, "out/"], in: folder).exitCode == 0)
      let before = try contents(of: folder)
      let run = try convert(["\(Self.data)/a", "out/"], in: folder)
      #expect(run.exitCode == 73)
      #expect(run.messages.contains("--force"))
      #expect(try contents(of: folder) == before)
      #expect(try convert(["out/a", "out/", "--force"], in: folder).exitCode == 64)
      #expect(try contents(of: folder) == before)
      #expect(try convert(["\(Self.data)/b", "out", "--force"], in: folder).exitCode == 0)
      let out = folder.appending(path: "out").path
      #expect(try FileManager.default.contentsOfDirectory(atPath: out) == ["b"])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["out"])
    }
  }

  @Test(arguments: [
    "notes.txt", "x/array.npy", ".git/type.raw", "x/set.000/plot.py", "x/coord.raw",
  ])
  func `a folder with a file that is no system's is never replaced`(name: String) throws {
    try withTemporaryFolder { folder in
      #expect(try convert([Self.data, "out/"], in: folder).exitCode == 0)
      let file = folder.appending(path: "out/\(name)")
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("mine".utf8).write(to: file)
      let before = try contents(of: folder)
      let run = try convert([Self.data, "out/", "--force"], in: folder)
      #expect(run.exitCode == 73)
      #expect(run.messages.contains("holds '"))
      #expect(try contents(of: folder) == before)
      #expect(try Data(contentsOf: file) == Data("mine".utf8))
    }
  }

  @Test func `unmix writes systems of one set of atoms, which are no more mixed`() throws {
    try withTemporaryFolder { folder in
      let mixed = AtomicSystem(
        place: "mixed", typeNames: ["O", "H"], types: [0, 0, 0],
        frameTypes: [0, 1, 1, 0, -1, 1, 0, 1, 1], isPeriodic: false, frameCount: 3,
        positions: (0..<27).map(Double.init), cells: [],
        labels: ["energy": [1, 2, 3], "force": (0..<27).map { Double($0) / 10 }])
      try writeSystems([mixed], toFolder: folder.appending(path: "mixed").path)
      let run = try convert(["--unmix", "mixed", "x.h5"], in: folder)
      #expect(run.exitCode == 0)
      #expect(run.messages.contains("x.h5: 2 systems, 3 frames"))
      let systems = try readSystems(at: folder.appending(path: "x.h5").path)
      let byFormula = Dictionary(uniqueKeysWithValues: systems.map { ($0.formula, $0) })
      #expect(systems.allSatisfy { $0.frameTypes == nil })
      let water = try #require(byFormula["O1H2"]), hydroxyl = try #require(byFormula["O1H1"])
      #expect(water.types == [0, 1, 1] && water.labels["energy"] == [1, 3])
      #expect(hydroxyl.types == [0, 1] && hydroxyl.labels["energy"] == [2])
      #expect(hydroxyl.positions == [9, 10, 11, 15, 16, 17])
      #expect(hydroxyl.labels["force"] == [0.9, 1, 1.1, 1.5, 1.6, 1.7])
    }
  }
}
