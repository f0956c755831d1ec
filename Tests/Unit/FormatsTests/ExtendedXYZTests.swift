import Atoms
import Datasets
import Files
import Foundation
import TestSupport
import Testing

/// Reads `text` as an extended XYZ file.
private func read(_ text: String) throws -> [AtomicSystem] {
  try withTemporaryFolder { folder in
    let path = folder.appending(path: "x.xyz").path
    try writeWhole(text, to: path)
    return try readSystems(at: path)
  }
}

private let properties = "Properties=species:S:1:pos:R:3:forces:R:3"
private let atoms = "O 0 0 0 1 2 3\nH 1 0 0 4 5 6\n"

@Test func `a frame as ASE writes it is read`() throws {
  let system = try read(
    """
    2
    Lattice="2.0 0.0 0.0 0.0 3.0 0.0 1.0 0.0 4.0" \(properties):tags:I:1 energy=-1.5 config_type="a b" \
    stress="0.1 0.4 0.5 0.4 0.2 0.6 0.5 0.6 0.3" free_energy=-9 pbc="T T T"
    O 0 0 0 1 2 3 7
    H 1 0 0 4 5 6 8

    """)[0]
  #expect(system.typeNames == ["O", "H"] && system.types == [0, 1] && system.isPeriodic)
  #expect(system.cells == [2, 0, 0, 0, 3, 0, 1, 0, 4])
  #expect(system.labels["force"] == [1, 2, 3, 4, 5, 6])
  #expect(system.labels["energy"] == [-1.5])
  // virial = -stress × volume, the volume being 24 Å³.
  let virial = [0.1, 0.4, 0.5, 0.4, 0.2, 0.6, 0.5, 0.6, 0.3].map { $0 * -24 }
  #expect(system.labels["virial"] == virial)
  #expect(system.labels.count == 3)
}

@Test func `matrices are stored by columns, symmetric ones also as six numbers`() throws {
  func virial(_ text: String) throws -> [Double]? {
    try read("2\n\(properties) Lattice=\"3 0 0 0 3 0 0 0 3\" virial=\"\(text)\"\n\(atoms)")[0]
      .labels["virial"]
  }
  #expect(try virial("1 2 3 4 5 6 7 8 9") == [1, 4, 7, 2, 5, 8, 3, 6, 9])
  #expect(try virial("1 2 3 4 5 6") == [1, 6, 5, 6, 2, 4, 5, 4, 3])
}

@Test func `virial and stress that disagree are refused`() {
  let text = """
    2
    \(properties) Lattice="1 0 0 0 1 0 0 0 1" virial="1 0 0 0 1 0 0 0 1" stress="1 0 0 0 1 0 0 0 1"
    \(atoms)
    """
  #expect(fails(as: .data) { try read(text) })
}

@Test func `frames of other atoms or with other labels are systems of their own`() throws {
  let with = "2\n\(properties) energy=1\n\(atoms)"
  let without = "2\n\(properties)\n\(atoms)"
  let other = "2\nProperties=species:S:1:pos:R:3:force:R:3 energy=2\nH 1 0 0 4 5 6\nO 0 0 0 1 2 3\n"
  let systems = try read(with + without + other + with)
  #expect(systems.map(\.frameCount) == [2, 1, 1])
  #expect(systems.map { $0.labels["energy"] } == [[1, 1], nil, [2]])
  #expect(systems.map(\.types) == [[0, 1], [0, 1], [0, 1]])
  #expect(systems.map(\.typeNames) == [["O", "H"], ["O", "H"], ["H", "O"]])
  #expect(systems.allSatisfy { !$0.isPeriodic })
  #expect(Set(systems.map(\.place)).count == 3)
}

@Test func `periodicity is all, none or an error`() throws {
  let lattice = "Lattice=\"3 0 0 0 3 0 0 0 3\""
  #expect(try !read("2\n\(properties) \(lattice) pbc=\"F F F\"\n\(atoms)")[0].isPeriodic)
  #expect(try read("2\n\(properties) \(lattice)\n\(atoms)")[0].isPeriodic)
  #expect(fails(as: .data) { try read("2\n\(properties) \(lattice) pbc=\"T T F\"\n\(atoms)") })
  #expect(fails(as: .data) { try read("2\n\(properties) pbc=\"T T T\"\n\(atoms)") })
}

@Test func `extended XYZ keeps the labels it can name to the bit`() throws {
  try withTemporaryFolder { folder in
    let path = folder.appending(path: "x.xyz").path
    for system in [labeledWater(), labeledWater(periodic: false)] {
      try writeSystems([system], toExtendedXYZ: path)
      let back = try readSystems(at: path)
      let named = try system.translated(to: ["H", "O"])
      #expect(back.map { $0.moved(to: "water") } == [named])
    }
  }
}

@Test func `padding atoms of mixed type are left out`() throws {
  try withTemporaryFolder { folder in
    let path = folder.appending(path: "x.xyz").path
    try writeSystems([mixedSystem()], toExtendedXYZ: path)
    #expect(try readSystems(at: path).map(\.formula) == ["H2O1", "O1H1"])
  }
}

@Test(arguments: [
  "x\n", "-1\n", "0\n", "2\n", "2\n\n", "2\n\(properties)\nO 0 0 0 1 2 3\n",
  "2\n\(properties)\nO 0 0 0 1 2 3\nH 0 0 0 1 2\n",
  "2\n\(properties)\nO 0 0 0 1 2 3\nH 0 0 0 1 2 x\n",
  "2\nProperties=species:S:1:pos:R\n\(atoms)", "2\nProperties=pos:R:3\n\(atoms)",
  "2\nProperties=species:S:1:pos:R:-3\n\(atoms)", "2\n\(properties) Lattice=\"1 2 3\"\n\(atoms)",
  "1\nProperties=species:S:1:pos:R:3:pos:R:3\nO 0 0 0 1 2 3\n",
  "1\nProperties=species:S:1:pos:R:3:species:S:1\nO 0 0 0 H\n",
  "2\n\(properties) stress=\"1 2 3\"\n\(atoms)", "2\n\(properties) energy=\"1 2\"\n\(atoms)",
  "2\n\(properties) energy=nan\n\(atoms)", "2\n\(properties) pbc=\"T\"\n\(atoms)",
  "9223372036854775807\n\n", "2\n\(properties) \"unclosed\n\(atoms)", "2\n\\\n", "",
])
func `damaged files are refused or read, never crash`(text: String) {
  let problem = message { try read(text) }
  #expect(problem.contains("x.xyz") || text.contains("unclosed"))
}

@Test func `no changed byte crashes the reader`() throws {
  let text = "2\n\(properties) Lattice=\"3 0 0 0 3 0 0 0 3\" energy=-1 pbc=\"T T T\"\n\(atoms)"
  let bytes = Array(text.utf8)
  try withTemporaryFolder { folder in
    let path = folder.appending(path: "x.xyz").path
    // Every byte becomes each of the bytes that mean something, and one that is not UTF-8.
    for index in bytes.indices {
      for byte in Array(" \n=\"\\:9-".utf8) + [0, 0xFF] {
        var changed = bytes
        changed[index] = byte
        try Data(changed).write(to: URL(filePath: path))
        let problem = message { try readSystems(at: path) }
        #expect(problem.isEmpty || problem.contains("x.xyz"))
      }
    }
  }
}
