import struct Atoms.AtomicSystem
import Datasets
import enum Diagnostics.Notices
import Files
import Foundation
import HDF5
import TestSupport
import Testing

/// Files that people and programs leave in sets, which are no labels: left out, and named once.
struct StrayArrayTests {
  /// Reads the fixture `name` after `change` was done to its copy, with the warnings.
  private func read(
    _ name: String = "a", after change: (_ folder: String) throws -> Void
  ) throws -> (systems: [AtomicSystem], warnings: [String]) {
    try withTemporaryFolder { folder in
      try change(try copyOfFixture(name, in: folder))
      let read = try Notices.collected { try readSystems(at: folder.path) }
      return (read.result, read.notices)
    }
  }

  /// An `.npy` file of elements that are no numbers.
  private func foreignNPY(_ type: String, _ shape: String, _ bytes: Int) -> [UInt8] {
    let entries = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"
    let header = entries + String(repeating: " ", count: 117 - entries.utf8.count) + "\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(header.utf8)
      + [UInt8](repeating: 65, count: bytes)
  }

  @Test func `names that begin with a dot are not there, and nobody hears of them`() throws {
    let (systems, warnings) = try read { folder in
      for name in ["._type.raw", "._set.000", ".set.001", "set.000/._coord.npy", "set.000/._x.npy"]
      {
        try writeWhole("Mac OS X", to: "\(folder)/\(name)")
      }
      for copy in [".ipynb_checkpoints", "set.000/.ipynb_checkpoints", "../.trash"] {
        try FileManager.default.copyItem(
          at: fixtures.appending(path: "data/b"), to: URL(filePath: "\(folder)/\(copy)"))
      }
    }
    #expect(warnings == [])
    #expect(systems.map(\.contentDigest) == [try fixture("a").contentDigest])
  }

  private func fixture(_ name: String) throws -> AtomicSystem {
    try readSystems(at: fixtures.appending(path: "data/\(name)").path)[0]
  }

  @Test(arguments: [
    ("<U2", "(5,)", 40, "holds elements of the type <U2, expected numbers"),
    ("|O", "(5,)", 30, "holds elements of the type |O, expected numbers"),
    ("|S3", "(5, 1)", 15, "holds elements of the type |S3, expected numbers"),
    ("<c16", "(5, 1)", 80, "holds elements of the type <c16, expected numbers"),
    ("<f8", "(2, 1)", 16, "has shape 2 × 1, expected 5 × any number (5 frames of coord.npy)"),
    ("<f8", "(6,)", 48, "has shape 6, expected 5 × any number (5 frames of coord.npy)"),
    ("<f8", "(5, 0)", 0, "is empty (5 × 0), expected 5 × any number (5 frames of coord.npy)"),
    ("<f8", "(9, 2)", 8, "but its header promises 144"),
  ])
  func `an array that is no label and no row of numbers per frame is left out`(
    type: String, shape: String, bytes: Int, problem: String
  ) throws {
    let (systems, warnings) = try read { folder in
      try writeWhole(foreignNPY(type, shape, bytes), to: "\(folder)/set.000/notes.npy")
    }
    #expect(systems.map(\.contentDigest) == [try fixture("a").contentDigest])
    #expect(warnings.count == 1)
    #expect(warnings[0].contains("a/set.000/notes.npy: "), "\(warnings)")
    #expect(warnings[0].contains(problem), "\(warnings)")
    #expect(warnings[0].hasSuffix("remove it, or let its name begin with a dot"))
  }

  @Test func `a name is told once, with the first place, however many sets and systems have it`()
    throws
  {
    try withTemporaryFolder { folder in
      for name in ["a", "c"] {
        let path = try copyOfFixture(name, in: folder)
        try write([1, 2], [2], to: "\(path)/set.000/energy_old.npy")
      }
      try write([1, 2], [2], to: "\(folder.path)/c/set.001/energy_old.npy")
      try write([1], [1], to: "\(folder.path)/c/set.001/coord-checkpoint.npy")
      let (systems, warnings) = try Notices.collected { try readSystems(at: folder.path) }
      #expect(systems.map { $0.labels.keys.sorted() }.last == ["energy", "force"])
      #expect(warnings.count == 2, "\(warnings)")
      #expect(warnings[0].contains("/a/set.000/energy_old.npy: has shape 2"))
      #expect(warnings[1].contains("/c/set.001/coord-checkpoint.npy: has shape 1"))
    }
  }

  @Test func `a row of numbers per frame is a property, unless other sets lack it`() throws {
    let whole = try read("c") { folder in
      try write([1, 2, 3, 4], [4, 1], to: "\(folder)/set.000/gap.npy")
      try write([5, 6], [2], to: "\(folder)/set.001/gap.npy")
    }
    #expect(whole.systems[0].labels["gap"] == [1, 2, 3, 4, 5, 6])
    #expect(whole.warnings == [])
    let half = try read("c") { try write([1, 2], [2], to: "\($0)/set.001/gap.npy") }
    #expect(half.systems[0].labels["gap"] == nil)
    #expect(half.warnings.map { $0.contains("set.001/gap.npy: other sets have") } == [true])
  }

  @Test(arguments: ["aparam", "dipole", "hessian", "spin", "force_mag", "atom_dos"])
  func `a label of other models that does not fit is left out`(name: String) throws {
    let (systems, warnings) = try read {
      try write([1, 2, 3, 4, 5], [5, 1], to: "\($0)/set.000/\(name).npy")
    }
    #expect(systems[0].labels[name] == nil)
    #expect(warnings.count == 1)
    #expect(warnings[0].contains("\(name).npy: has shape 5 × 1, expected 5 × "), "\(warnings)")
  }

  @Test(arguments: ["energy", "force", "virial", "atom_ener", "atom_pref", "drdq", "fparam"])
  func `a label of energy models that does not fit stays an error`(name: String) throws {
    try withTemporaryFolder { folder in
      let path = try copyOfFixture("a", in: folder)
      try write([1, 2, 3, 4], [4, 1], to: "\(path)/set.000/\(name).npy")
      #expect(fails(as: .data) { try readSystems(at: path) })
      #expect(message { try readSystems(at: path) }.contains("\(name).npy: has shape 4 × 1"))
    }
  }

  @Test func `datasets of strings, groups named like arrays and hidden names of HDF5 are left out`()
    throws
  {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "x.h5").path
      let file = try HDF5File(creating: path)
      for system in ["x", ".x"] {
        try file.write([0], shape: [1], to: "/\(system)/type.raw")
        try file.write([true], shape: [], to: "/\(system)/nopbc")
        try file.write([1.0, 2, 3], shape: [1, 3], to: "/\(system)/set.000/coord.npy")
      }
      try file.write(["one"], shape: [1], to: "/x/set.000/ids.npy")
      try file.write([1.0, 2], shape: [2, 1], to: "/x/set.000/energy_old.npy")
      try file.write([1.0, 2], shape: [2, 1], to: "/x/set.000/._coord.npy")
      try file.createGroup("/x/set.000/notes.npy")
      try file.createGroup("/x/.set.001")
      try file.close()
      let (systems, warnings) = try Notices.collected { try readSystems(at: path) }
      #expect(systems.map(\.place) == ["\(path)#/x"])
      #expect(systems[0].labels == [:])
      #expect(warnings.count == 3, "\(warnings)")
      for (warning, name) in zip(warnings, ["energy_old", "ids", "notes"]) {
        #expect(warning.contains("x.h5#/x/set.000/\(name).npy: "))
      }
    }
  }

  @Test func `text of other shapes in raw folders is left out`() throws {
    try withTemporaryFolder { folder in
      let path = folder.path
      for (name, text) in [
        ("type", "0"), ("coord", "0 0 0\n1 1 1"), ("ids", "one\ntwo"), ("old", "1\n2\n3"),
        ("energy", "-1\n-2"), ("gap", "1\n2"),
      ] { try writeWhole(text, to: "\(path)/\(name).raw") }
      for name in ["nopbc", "._energy.raw", ".energy.raw"] {
        try writeWhole("?", to: "\(path)/\(name)")
      }
      let (systems, warnings) = try Notices.collected { try readSystems(at: path) }
      #expect(systems[0].labels == ["energy": [-1, -2], "gap": [1, 2]])
      #expect(warnings.count == 2, "\(warnings)")
      #expect(warnings[0].contains("/ids.raw") && warnings[1].contains("/old.raw: has shape 3"))
    }
  }

  @Test func `a copy of a set is read, as DeePMD-kit does, and said`() throws {
    let (systems, warnings) = try read { folder in
      try FileManager.default.copyItem(
        atPath: "\(folder)/set.000", toPath: "\(folder)/set.000.bak")
    }
    #expect(systems[0].frameCount == 10)
    #expect(warnings.map { $0.contains("set.000.bak beside set.000") } == [true])
    // Numbers that go on are no copies.
    #expect(try read("c") { _ in }.warnings == [])
  }
}
