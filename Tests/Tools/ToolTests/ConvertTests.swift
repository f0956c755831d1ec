import Datasets
import Files
import Foundation
import TestSupport
import Testing

/// dp-convert on good and on bad data, as its users run it.
struct ConvertTests {
  private static let data = fixtures.appending(path: "data").path

  /// Runs dp-convert in a folder of its own, where `systems` is a copy of the fixture systems.
  private func convert(
    _ arguments: String..., after damage: (_ systems: String) throws -> Void = { _ in }
  ) throws -> Finished {
    try withTemporaryFolder { folder in
      let systems = folder.appending(path: "systems").path
      try FileManager.default.copyItem(atPath: Self.data, toPath: systems)
      try damage(systems)
      let run = try runTool("dp-convert", arguments, in: folder)
      let made = arguments.last.map { folder.appending(path: $0).path } ?? ""
      if run.exitCode != 0, ["out.h5", "out.xyz", "out/"].contains(arguments.last) {
        #expect(!FileManager.default.fileExists(atPath: made), "a failed run leaves no output")
      }
      return run
    }
  }

  /// The content digests that `--check --json` prints for `path`.
  private func digests(_ path: String, in folder: URL) throws -> [String] {
    let run = try runTool("dp-convert", ["--check", "--json", path], in: folder)
    #expect(run.exitCode == 0)
    guard
      case .array(let systems) = try JSONValue(parsing: run.output.utf8, at: "output")["systems"]
    else { return [] }
    return systems.compactMap { if case .string(let digest) = $0["sha256"] { digest } else { nil } }
  }

  @Test(arguments: ["out.h5", "out/", "out.xyz"])
  func `a disk that takes no more is exit 74, and nothing is left`(output: String) throws {
    try withTemporaryFolder { folder in
      let full = try runToolOnFullDisk("dp-convert", [Self.data, output], in: folder)
      #expect(full.exitCode == 74)
      #expect(full.messages.contains("cannot be written"))
      #expect(try contents(of: folder).isEmpty)
    }
  }

  @Test func `npy to HDF5 to npy and back to HDF5 gives the same bytes`() throws {
    try withTemporaryFolder { folder in
      for arguments in [
        [Self.data, "1.h5"], ["1.h5", "npy/"], ["npy/", "1/"], ["1.h5", "2.h5"],
      ] {
        #expect(try runTool("dp-convert", arguments, in: folder).exitCode == 0)
      }
      let expected = try readSystems(at: Self.data).map(\.contentDigest)
      for path in ["1.h5", "npy", "1", "2.h5"] {
        #expect(try digests(path, in: folder) == expected)
      }
      // The same command on the same content, here and there.
      try FileManager.default.moveItem(
        at: folder.appending(path: "1.h5"), to: folder.appending(path: "first.h5"))
      #expect(try runTool("dp-convert", ["npy", "1.h5"], in: folder).exitCode == 0)
      let again = folder.appending(path: "there")
      try FileManager.default.createDirectory(at: again, withIntermediateDirectories: true)
      #expect(try runTool("dp-convert", ["../npy", "1.h5"], in: again).exitCode == 0)
      #expect(
        try Data(contentsOf: folder.appending(path: "1.h5"))
          == Data(contentsOf: again.appending(path: "1.h5")))
    }
  }

  @Test func `HDF5 to extended XYZ to HDF5 keeps all numbers`() throws {
    try withTemporaryFolder { folder in
      for arguments in [[Self.data, "1.xyz"], ["1.xyz", "2.h5"], ["2.h5", "2.xyz"]] {
        let run = try runTool(
          "dp-convert", arguments + ["--type-map", "O", "H"], in: folder)
        #expect(run.exitCode == 0)
      }
      let expected = try readSystems(at: Self.data).map {
        try $0.translated(to: ["O", "H"]).contentDigest
      }
      #expect(try digests("2.h5", in: folder).sorted() == expected.sorted())
    }
  }

  @Test func `check prints one line per system and writes nothing`() throws {
    try withTemporaryFolder { folder in
      let run = try runTool("dp-convert", ["--check", Self.data], in: folder)
      #expect(run.exitCode == 0)
      #expect(
        run.output == """
          \(Self.data)/a: 5 frames of 6 atoms, O2H4, periodic, energy force virial
          \(Self.data)/b: 4 frames of 9 atoms, H6O3, periodic, energy force virial
          \(Self.data)/c: 6 frames of 8 atoms, O2H6, no cell, energy force

          """)
      #expect(run.messages == "valid: 3 systems, 15 frames\n")
      #expect(try contents(of: folder).isEmpty)
    }
  }

  @Test func `several inputs and groups go into one file, type map by name`() throws {
    try withTemporaryFolder { folder in
      let file = fixtures.appending(path: "train_data.hdf5").path
      let run = try runTool(
        "dp-convert", ["\(file)#/b", "\(Self.data)/c", "x.h5", "--type-map", "C", "O", "H"],
        in: folder)
      #expect(run.exitCode == 0)
      let systems = try readSystems(at: folder.appending(path: "x.h5").path)
      #expect(systems.map(\.formula) == ["O3H6", "O2H6"])
      #expect(systems.map(\.typeNames) == [["C", "O", "H"], ["C", "O", "H"]])
      #expect(systems.map(\.isPeriodic) == [true, false])
    }
  }

  @Test func `not-a-number exits 65 and names file, frame and atom`() throws {
    let run = try convert("systems", "out.h5") { systems in
      let file = "\(systems)/a/set.000/force.npy"
      var array = try readNPY(at: file)
      array.values[2 * 18 + 4 * 3] = .nan
      try writeWhole(encodeNPY(array), to: file)
    }
    #expect(run.exitCode == 65)
    #expect(run.output.isEmpty)
    #expect(
      run.messages.contains(
        "dp-convert: systems/a/set.000/force.npy, frame 2, atom 4: force is nan, expected"))
    #expect(run.messages.contains("hint: "))
  }

  @Test func `a missing box without nopbc exits 65 and names the file`() throws {
    let run = try convert("systems", "out.h5") {
      try FileManager.default.removeItem(atPath: "\($0)/b/set.000/box.npy")
    }
    #expect(run.exitCode == 65)
    #expect(run.messages.contains("systems/b/set.000/box.npy: is missing"))
    #expect(run.messages.contains("nopbc"))
  }

  @Test func `a wrong shape exits 65, at conversion and at a check`() throws {
    for arguments in [["systems", "out/"], ["--check", "systems"]] {
      let run = try convert(arguments[0], arguments[1]) {
        try FileManager.default.copyItem(
          atPath: "\($0)/a/set.000/box.npy", toPath: "\($0)/a/set.000/atom_ener.npy")
      }
      #expect(run.exitCode == 65)
      #expect(run.messages.contains("atom_ener.npy: has shape 5 × 9, expected 5 × 6 (5 frames"))
    }
  }

  @Test func `a damaged file exits 65`() throws {
    let run = try convert("systems", "out.xyz") {
      try writeWhole("thesis", to: "\($0)/a/set.000/coord.npy")
    }
    #expect(run.exitCode == 65)
    #expect(run.messages.contains("coord.npy: is not a NumPy array"))
  }

  @Test func `an unknown element exits 65 and is listed`() throws {
    let run = try convert("systems", "out.h5", "--type-map", "O", "C")
    #expect(run.exitCode == 65)
    #expect(run.messages.contains("has the elements H, which the type map (O, C) does not know"))
  }

  @Test func `missing input exits 66, and every bad input is reported`() throws {
    let run = try convert("none", "systems", "nothing.xyz", "out.h5")
    #expect(run.exitCode == 66)
    #expect(run.messages.contains("none: no such file or folder"))
    #expect(run.messages.contains("nothing.xyz: no such file or folder"))
  }

  @Test(arguments: [
    ["systems"], ["systems", "out"], ["systems", "out.txt"], ["systems", "systems/"],
    ["systems/../systems/a", "systems/a/"], [], ["systems", "out.h5", "--type-map", "O", "O"],
  ])
  func `an unclear or an unsafe output exits 64`(arguments: [String]) throws {
    try withTemporaryFolder { folder in
      let systems = folder.appending(path: "systems")
      try FileManager.default.copyItem(atPath: Self.data, toPath: systems.path)
      let before = try contents(of: folder)
      #expect(try runTool("dp-convert", arguments, in: folder).exitCode == 64)
      #expect(try contents(of: folder) == before)
    }
  }

  @Test func `an output that cannot be created exits 73`() throws {
    #expect(try convert("systems", "no/such/folder/x.h5").exitCode == 73)
    let run = try convert("systems/a", "systems/b/")
    #expect(run.exitCode == 73)
    #expect(run.messages.contains("exists already"))
  }
}
