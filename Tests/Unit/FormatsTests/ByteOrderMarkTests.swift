import Datasets
import Files
import Foundation
import TestSupport
import Testing

@Test(arguments: ["type.raw", "type_map.raw", "coord.raw", "box.raw", "energy.raw", "force.raw"])
func `a byte order mark before a text of a system is skipped`(name: String) throws {
  try withTemporaryFolder { folder in
    let whole = [
      "type.raw": "0\n1\n", "type_map.raw": "O\nH\n", "coord.raw": "0 0 0 1 0 0\n",
      "box.raw": "6 0 0 0 6 0 0 0 6\n", "energy.raw": "-1\n", "force.raw": "1 2 3 4 5 6\n",
    ]
    for (file, text) in whole { try writeWhole(text, to: folder.appending(path: file).path) }
    let expected = try readSystems(at: folder.path)
    for ending in ["\n", "\r\n"] {
      let text = (whole[name] ?? "").split(separator: "\n").joined(separator: ending) + ending
      try writeWhole("\u{feff}" + text, to: folder.appending(path: name).path)
      #expect(try readSystems(at: folder.path) == expected)
    }
  }
}

@Test func `a byte order mark and line ends of Windows change nothing in extended XYZ`() throws {
  let text = "2\nLattice=\"6 0 0 0 6 0 0 0 6\" energy=-1 pbc=T\nO 0 0 0\nH 1 0 0\n"
  let plain = try decodeExtendedXYZ(Array(text.utf8), place: "x.xyz").systems
  let windows = "\u{feff}" + text.split(separator: "\n").joined(separator: "\r\n") + "\r\n"
  #expect(try decodeExtendedXYZ(Array(windows.utf8), place: "x.xyz").systems == plain)
  #expect(plain[0].isPeriodic && plain[0].labels["energy"] == [-1])
  let wide = text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
  let problem = message { try decodeExtendedXYZ([0xFF, 0xFE] + wide, place: "x.xyz") }
  #expect(problem.contains("UTF-16"))
}

@Test func `an LMDB database, and a folder with one, are called that`() throws {
  let page = Array(repeating: UInt8(0), count: 16) + [0xDE, 0xC0, 0xEF, 0xBE] + [1, 0, 0, 0]
  try withTemporaryFolder { folder in
    let file = folder.appending(path: "data.mdb").path
    try Data(page).write(to: URL(filePath: file))
    for path in [file, folder.path] {
      #expect(message { try readSystems(at: path) }.contains("LMDB"))
    }
  }
}

private let exponents: [(String, Double)] = [
  ("1.5D+01", 15), ("-1d0", -1), ("1.0D-3", 1e-3), ("+.5", 0.5), ("2.", 2),
]

@Test(arguments: exponents)
func `an exponent of Fortran's is a number`(word: String, value: Double) throws {
  #expect(try decodeTextArray(Array("\(word)\n".utf8), place: "x.raw").values == [value])
}

@Test(arguments: ["d", "D5", "1D", "1e5D3", "one", "1.5DD2", "0xD", "1,5", "***"])
func `other words are no numbers`(word: String) {
  #expect(
    word == "0xD" || fails(as: .data) { try decodeTextArray(Array("\(word)\n".utf8), place: "x") })
}
