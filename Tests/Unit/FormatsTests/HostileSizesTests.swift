import Datasets
import Files
import Foundation
import HDF5
import Runs
import TestSupport
import Testing

/// Numbers in a file that promise more than there is: each once trapped, or asked for all memory.

@Test func `rows that hold nothing are no frames, however many they are`() throws {
  try withTemporaryFolder { folder in
    let set = folder.appending(path: "set.000")
    try FileManager.default.createDirectory(at: set, withIntermediateDirectories: true)
    // 2^48 frames of 3 x 11000 numbers each are more than an Int counts.
    try Data(String(repeating: "0\n", count: 11_000).utf8).write(
      to: folder.appending(path: "type.raw"))
    try Data().write(to: folder.appending(path: "nopbc"))
    let array = NumericArray(shape: [1 << 48, 0], values: [])
    try Data(encodeNPY(array)).write(to: set.appending(path: "coord.npy"))
    #expect(fails(as: .data) { try readSystems(at: folder.path) })
  }
}

@Test(arguments: [1 << 24, 1 << 40, 1 << 62, Int.max])
func `a shape far beyond what is stored is an error, not an allocation`(length: Int) throws {
  // Cases run at the same time, and HDF5 wants each open file to have a name of its own.
  let file = try HDF5File(creatingInMemory: "of \(length)")
  try file.write([Double](repeating: 0.5, count: 77), shape: [77], to: "/numbers")
  try file.writeASCII([String](repeating: "abc", count: 77), shape: [77], to: "/texts")
  var bytes = try file.withImage { Data($0) }
  // The length of both, wherever it stands in their headers.
  let old = withUnsafeBytes(of: 77) { Data($0) }, new = withUnsafeBytes(of: length) { Data($0) }
  var places = 0
  while let place = bytes.range(of: old) {
    bytes.replaceSubrange(place, with: new)
    places += 1
  }
  #expect(places >= 2)
  let damaged = try HDF5File(reading: Array(bytes), name: "damaged, of \(length)")
  #expect(fails(as: .data) { try damaged.doubles("/numbers") })
  #expect(fails(as: .data) { try damaged.strings("/texts") })
}

@Test func `statistics with neighbor slots beyond counting are refused`() throws {
  let file = try HDF5File(creatingInMemory: "statistics")
  for (name, text) in [
    ("format", "deep-potential statistics 1"), ("settings", "{}"), ("data_sha256", ""),
  ] {
    try file.setAttribute(name, of: "/", to: text)
  }
  try file.write([Int.max, Int.max], shape: [2], to: "/sel")
  #expect(fails(as: .data) { _ = try readStatistics(file, at: "x") })
}
