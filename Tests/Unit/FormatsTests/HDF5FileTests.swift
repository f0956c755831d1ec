import Diagnostics
import Foundation
import HDF5
import TestSupport
import Testing

/// Calls `body` with the path of a file that `write` made.
private func withFile(
  _ write: (borrowing HDF5File) throws -> Void, _ body: (String) throws -> Void
) throws {
  try withTemporaryFolder { folder in
    let path = folder.appending(path: "file.h5").path
    let file = try HDF5File(creating: path)
    try write(file)
    try file.close()
    try body(path)
  }
}

@Test func `numbers come back as they were written`() throws {
  let values = [1.0, -2.5, 1e-300, .greatestFiniteMagnitude, 0.1, 1 / 3]
  try withFile {
    try $0.write(values, shape: [2, 3], to: "/a/b/doubles")
    try $0.write([Float(0.1), 2], shape: [2], to: "/floats")
    try $0.write([Int.min, Int.max, 0], shape: [3], to: "/integers")
    try $0.write([7], shape: [], to: "/scalar", bytes: 4)
    try $0.write([true, false], shape: [2], to: "/booleans")
    try $0.write([Double](), shape: [0, 3], to: "/empty", layout: .chunked(rows: 5))
  } _: {
    let file = try HDF5File(reading: $0)
    #expect(try file.doubles("/a/b/doubles") == values)
    #expect(try file.shape(of: "/a/b/doubles") == [2, 3])
    #expect(try file.floats("/floats") == [0.1, 2])
    #expect(try file.integers("/integers") == [Int.min, Int.max, 0])
    #expect(try file.integers("/scalar") == [7])
    #expect(try file.shape(of: "/scalar") == [])
    #expect(try file.booleans("/booleans") == [true, false])
    #expect(try file.shape(of: "/empty") == [0, 3])
    #expect(try file.doubles("/empty") == [])
  }
}

@Test func `numbers are converted to what the reader asks for`() throws {
  try withFile {
    try $0.write([1.5, 2], shape: [2], to: "/narrow", bytes: 4)
    try $0.write([3, 4], shape: [2], to: "/integers", bytes: 4)
  } _: {
    let file = try HDF5File(reading: $0)
    #expect(try file.type(of: "/narrow") == .float(bytes: 4))
    #expect(try file.doubles("/narrow") == [1.5, 2])
    #expect(try file.type(of: "/integers") == .integer(bytes: 4))
    #expect(try file.doubles("/integers") == [3, 4])
    // A floating-point number is never silently cut to an integer.
    #expect(fails(as: .data) { try file.integers("/narrow") })
  }
}

@Test(arguments: [HDF5Layout.contiguous, .chunked(rows: 4), .chunked(rows: 100, gzip: 6)])
func `numbers come back from every layout`(layout: HDF5Layout) throws {
  // More than libhdf5 converts at once, and so few that its buffer is shortened.
  for rows in [10, 100_000] {
    let values = (0..<3 * rows).map { Double($0) / 2 }
    try withFile {
      try $0.write(values, shape: [rows, 3], to: "/x", layout: layout)
    } _: {
      let file = try HDF5File(reading: $0)
      #expect(try file.doubles("/x") == values)
      #expect(fails(as: .data) { try file.floats("/x") })  // nothing is rounded unasked
    }
  }
}

@Test func `strings of every form come back`() throws {
  try withFile {
    try $0.writeASCII(["O", "H", "Cl"], shape: [3], to: "/fixed")
    try $0.write(["Ångström", "", "x"], shape: [3], to: "/variable")
    try $0.write(["one"], shape: [], to: "/scalar")
    try $0.setAttribute("json", of: "/", to: String(repeating: "ü", count: 100_000))
  } _: {
    let file = try HDF5File(reading: $0)
    #expect(try file.strings("/fixed") == ["O", "H", "Cl"])
    #expect(try file.type(of: "/fixed") == .string(bytes: 2))
    #expect(try file.strings("/variable") == ["Ångström", "", "x"])
    #expect(try file.type(of: "/variable") == .string(bytes: nil))
    #expect(try file.strings("/scalar") == ["one"])
    #expect(try file.stringAttribute("json", of: "/")?.count == 100_000)
    #expect(try file.stringAttribute("absent", of: "/") == nil)
  }
}

@Test func `members are listed by name with their kinds`() throws {
  try withFile {
    try $0.write([1], shape: [1], to: "/b/set.000/coord.npy")
    try $0.write([1], shape: [1], to: "/b/type.raw")
    try $0.createGroup("/a")
  } _: {
    let file = try HDF5File(reading: $0)
    #expect(try file.members(of: "/").map(\.name) == ["a", "b"])
    #expect(try file.members(of: "/b").map(\.kind) == [.group, .dataset])
    #expect(try file.kind(of: "/") == .group)
    #expect(try file.kind(of: "/b/set.000/coord.npy") == .dataset)
    #expect(try file.kind(of: "/b/set.001/coord.npy") == nil)
    #expect(try file.kind(of: "/b/type.raw/x") == nil)
  }
}

@Test func `equal content gives equal bytes, on disk and in memory`() throws {
  func write(_ file: borrowing HDF5File) throws {
    try file.write([1.0, 2], shape: [2], to: "/g/x", layout: .chunked(rows: 1))
    try file.setAttribute("text", of: "/", to: "content")
  }
  var first: Data?
  try withFile(write) { first = try Data(contentsOf: URL(filePath: $0)) }
  // More than a second later times would differ, if there were any: HDF5 stores whole seconds.
  Thread.sleep(forTimeInterval: 1.1)
  var second: Data?
  try withFile(write) { second = try Data(contentsOf: URL(filePath: $0)) }
  #expect(first != nil && first == second)

  let memory = try HDF5File(creatingInMemory: "memory")
  try write(memory)
  let image = try memory.withImage { [UInt8]($0) }
  #expect(first == Data(image))
  let again = try HDF5File(reading: image, name: "memory")
  #expect(try again.doubles("/g/x") == [1, 2])
}

@Test func `missing, foreign and damaged files are told apart`() throws {
  try withTemporaryFolder { folder in
    let absent = folder.appending(path: "absent.h5").path
    #expect(fails(as: .missingInput) { _ = try HDF5File(reading: absent) })
    let text = folder.appending(path: "text.h5")
    try Data("not HDF5".utf8).write(to: text)
    #expect(fails(as: .data) { _ = try HDF5File(reading: text.path) })
    let nowhere = folder.appending(path: "no/such/folder.h5").path
    #expect(fails(as: .cannotCreate) { _ = try HDF5File(creating: nowhere) })
  }
}

@Test func `a flipped bit in a checksummed block is found`() throws {
  try withFile {
    try $0.write(
      [Double](repeating: 1.25, count: 512), shape: [512], to: "/x", layout: .chunked(rows: 512))
  } _: { path in
    var bytes = try Data(contentsOf: URL(filePath: path))
    let pattern = withUnsafeBytes(of: 1.25) { Data($0) + Data($0) }
    let place = try #require(bytes.range(of: pattern))
    bytes[place.lowerBound + 3] ^= 4
    try bytes.write(to: URL(filePath: path))
    #expect(fails(as: .data) { _ = try HDF5File(reading: path).doubles("/x") })
  }
}

@Test func `an error names file and object`() throws {
  try withFile {
    try $0.write([1.0], shape: [1], to: "/x")
  } _: { path in
    let error = #expect(throws: ToolError.self) { _ = try HDF5File(reading: path).strings("/x") }
    #expect(error?.place == "\(path)#/x")
    #expect(error?.problem == "holds float64, expected strings")
  }
}

@Test func `many members are listed in one pass, in the order of their names`() throws {
  // HDF5 keeps them in a tree of blocks; this many fill more than one level.
  let names = (0..<5_000).map { String(1_000_000 + $0) }
  try withFile { file in
    for name in names.reversed() { try file.createGroup("/" + name) }
  } _: {
    let file = try HDF5File(reading: $0)
    #expect(try file.members(of: "/").map(\.name) == names)
  }
}
