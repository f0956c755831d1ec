import Atoms
import Datasets
import Files
import Foundation
import TestSupport
import Testing

@Test func `fixture folders read as check_spec describes them`() throws {
  let systems = try readSystems(at: fixtures.appending(path: "data").path)
  #expect(systems.map(\.frameCount) == [5, 4, 6])
  #expect(systems.map(\.types.count) == [6, 9, 8])
  #expect(systems.map(\.isPeriodic) == [true, true, false])
  #expect(systems.map { $0.labels.keys.sorted() }.last == ["energy", "force"])
  #expect(systems[0].typeNames == ["O", "H"])
}

@Test func `npy folders keep every label to the bit`() throws {
  try withTemporaryFolder { folder in
    let systems = [labeledWater(), labeledWater(periodic: false).moved(to: "dry"), mixedSystem()]
    let path = folder.appending(path: "npy").path
    #expect(try writeSystems(systems, toFolder: path) == ["water", "dry", "mixed"])
    let back = try readSystems(at: path).map {
      $0.moved(to: String($0.place.split(separator: "/").last ?? ""))
    }
    #expect(back == systems.sorted { $0.place < $1.place })
    #expect(back.map(\.contentDigest).contains(systems[0].contentDigest))
  }
}

@Test func `sets are joined in the order of their names as strings`() throws {
  try withTemporaryFolder { folder in
    let path = folder.path
    try writeWhole("0", to: "\(path)/type.raw")
    try writeWhole("", to: "\(path)/nopbc")
    for (value, set) in [(2, "set.9"), (0, "set.000"), (1, "set.10"), (3, "set.abc")] {
      try FileManager.default.createDirectory(
        atPath: "\(path)/\(set)", withIntermediateDirectories: true)
      // One of them without its first axis: a single frame may be stored so.
      let shape = value == 1 ? [3] : [1, 3]
      try write([Double(value), 0, 0], shape, to: "\(path)/\(set)/coord.npy")
      try write([Double(value)], value == 2 ? [1] : [1, 1], to: "\(path)/\(set)/energy.npy")
    }
    let system = try readSystems(at: path)[0]
    #expect(system.labels["energy"] == [0, 1, 2, 3])
    #expect(system.positions == [0, 0, 0, 1, 0, 0, 2, 0, 0, 3, 0, 0])
  }
}

@Test func `atomic_X is atom_X, and atom_X comes first`() throws {
  try withTemporaryFolder { folder in
    let set = "\(try copyOfFixture("a", in: folder))/set.000"
    try write((0..<30).map(Double.init), [5, 6], to: "\(set)/atomic_ener.npy")
    #expect(try readSystems(at: folder.path)[0].labels["atom_ener"]?[7] == 7)
    try write((0..<30).map { -Double($0) }, [5, 6], to: "\(set)/atom_ener.npy")
    #expect(try readSystems(at: folder.path)[0].labels["atom_ener"]?[7] == -7)
    #expect(try readSystems(at: folder.path)[0].labels["atomic_ener"] == nil)
  }
}

@Test func `raw text folders read like npy ones, with and without cells`() throws {
  try withTemporaryFolder { folder in
    let path = folder.path
    try writeWhole("O H\n", to: "\(path)/type_map.raw")
    try writeWhole("0\n1\n", to: "\(path)/type.raw")
    try writeWhole("0 0 0 1 0 0\n# a comment\n0 0 0 1.5e0 0 0\n", to: "\(path)/coord.raw")
    try writeWhole("-1\n-2\n", to: "\(path)/energy.raw")
    #expect(message { try readSystems(at: path) }.hasSuffix("box.raw: is missing"))
    try writeWhole("9 0 0 0 9 0 0 0 9\n9 0 0 0 9 0 0 0 9\n", to: "\(path)/box.raw")
    let periodic = try readSystems(at: path)[0]
    #expect(periodic.isPeriodic && periodic.positions[9] == 1.5)
    #expect(periodic.labels == ["energy": [-1, -2]])
    try writeWhole("", to: "\(path)/nopbc")
    #expect(try !readSystems(at: path)[0].isPeriodic)
    try writeWhole("-1\n-2 7\n", to: "\(path)/energy.raw")
    #expect(message { try readSystems(at: path) }.contains("energy.raw, frame 1: has 2 numbers"))
  }
}

@Test func `a label that only some sets have is refused`() throws {
  try withTemporaryFolder { folder in
    let path = try copyOfFixture("c", in: folder)
    try FileManager.default.removeItem(atPath: "\(path)/set.001/force.npy")
    #expect(fails(as: .data) { try readSystems(at: path) })
    #expect(message { try readSystems(at: path) }.contains("set.001 has no force, but set.000 has"))
  }
}

@Test(arguments: [
  ("force", 1, "set.001/force.npy, frame 1, atom 4: force is nan"),
  ("energy", 0, "set.001/energy.npy, frame 1: energy is nan"),
  ("coord", 1, "set.001/coord.npy, frame 1, atom 4: coord is nan"),
])
func `not-a-number is reported with its file, frame and atom`(
  name: String, perAtom: Int, text: String
) throws {
  try withTemporaryFolder { folder in
    let path = try copyOfFixture("c", in: folder)
    let file = "\(path)/set.001/\(name).npy"
    var array = try readNPY(at: file)
    array.values[perAtom == 1 ? 24 + 4 * 3 + 1 : 1] = .nan
    try write(array.values, array.shape, to: file)
    #expect(fails(as: .data) { try readSystems(at: path) })
    #expect(message { try readSystems(at: path) }.contains(text))
  }
}

/// Expects the fixture `a` to be refused with `text` after `damage` was done to its folder.
private func expectRefusal(_ text: String, after damage: (_ folder: String) throws -> Void) throws {
  try withTemporaryFolder { folder in
    let path = try copyOfFixture("a", in: folder)
    try damage(path)
    #expect(fails(as: .data) { try readSystems(at: path) })
    #expect(message { try readSystems(at: path) }.contains(text))
  }
}

@Test func `shapes, types and cells that do not fit are refused`() throws {
  let ones = { (count: Int) in [Double](repeating: 1, count: count) }
  let files = FileManager.default
  try expectRefusal("force.npy: has shape 5 × 17, expected 5 × 18 (5 frames of coord.npy") {
    try write(ones(85), [5, 17], to: "\($0)/set.000/force.npy")
  }
  try expectRefusal("force.npy: has shape 90, expected 5 × 18 (5 frames of coord.npy") {
    try write(ones(90), [90], to: "\($0)/set.000/force.npy")
  }
  try expectRefusal("box.npy: is missing") {
    try files.removeItem(atPath: "\($0)/set.000/box.npy")
  }
  try expectRefusal("box.npy, frame 0: the three cell vectors span no volume") {
    try write(ones(45), [5, 9], to: "\($0)/set.000/box.npy")
  }
  try expectRefusal("an atom has type 2, but only 2 types are named") {
    try writeWhole("0 1 1 0 1 2", to: "\($0)/type.raw")
  }
  try expectRefusal("'H' found, expected whole numbers") {
    try writeWhole("0 1 1 0 1 H", to: "\($0)/type.raw")
  }
  try expectRefusal("coord.npy: has shape 5 × 18, expected frames × 9") {
    try writeWhole("0 1 1", to: "\($0)/type.raw")
  }
  try expectRefusal("neither set.* nor coord.raw") { try files.removeItem(atPath: "\($0)/set.000") }
}

@Test func `folders are searched at any depth and missing ones are missing input`() throws {
  try withTemporaryFolder { folder in
    let deep = folder.appending(path: "x/y")
    try FileManager.default.createDirectory(at: deep, withIntermediateDirectories: true)
    #expect(fails(as: .missingInput) { try readSystems(at: folder.path) })
    _ = try copyOfFixture("b", in: deep)
    _ = try copyOfFixture("a", in: folder)
    // A link back up must not send the search round for ever.
    try FileManager.default.createSymbolicLink(
      at: deep.appending(path: "up"), withDestinationURL: folder)
    #expect(try readSystems(at: "\(folder.path)/").map(\.atomCount) == [6, 9])
    #expect(fails(as: .missingInput) { try readSystems(at: "\(folder.path)/none") })
  }
}

@Test func `an output folder is never written over what is not a system`() throws {
  try withTemporaryFolder { folder in
    let path = folder.appending(path: "out").path
    try writeSystems([labeledWater()], toFolder: path)
    #expect(fails(as: .cannotCreate) { try writeSystems([labeledWater()], toFolder: path) })
    try writeSystems([mixedSystem()], toFolder: path, replacing: true)
    #expect(try readSystems(at: path).map(\.formula) == ["mixed3"])
    try writeWhole("thesis", to: "\(path)/thesis.txt")
    #expect(
      fails(as: .cannotCreate) {
        try writeSystems([labeledWater()], toFolder: path, replacing: true)
      })
    #expect(FileManager.default.fileExists(atPath: "\(path)/thesis.txt"))
  }
}
