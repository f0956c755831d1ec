import Datasets
import enum Diagnostics.Notices
import Files
import Foundation
import Runs
import TestSupport
import Testing

/// Files compressed with filters that libhdf5 does not have, made by h5py: `energy`, `force` and
/// `gap` of the fixture go through lzf.
struct MissingFilterTests {
  /// The fixture, with `filter` in the place of lzf's number.
  private func file(filter: Int, in folder: URL) throws -> String {
    var bytes = try Data(contentsOf: fixtures.appending(path: "lzf.h5"))
    let places = bytes.indices.dropLast(3).filter {
      Array(bytes[$0..<$0 + 4]) == [0x00, 0x7D, 8, 0]  // its number and the length of its name
    }
    try #require(places.count == 3)
    for place in places {
      bytes[place] = UInt8(filter & 0xFF)
      bytes[place + 1] = UInt8(filter >> 8)
    }
    let path = folder.appending(path: "x.h5").path
    try bytes.write(to: URL(filePath: path))
    return path
  }

  @Test(arguments: [
    (32000, "lzf"), (32001, "blosc"), (32004, "lz4"), (32008, "bitshuffle"), (32013, "zfp"),
    (32015, "zstd"), (32026, "blosc2"), (307, "bzip2"), (305, "LZO"), (40000, "lzf"),
  ])
  func `a filter that the library lacks is named, for every label at once`(
    filter: Int, name: String
  ) throws {
    try withTemporaryFolder { folder in
      let path = try file(filter: filter, in: folder)
      let (text, warnings) = Notices.collected { message { try readSystems(at: path) } }
      let reason =
        "is compressed with \(name) (filter \(filter)), which this HDF5 library does not have"
      #expect(
        text == """
          \(path)#/x/set.000/energy.npy: \(reason)
          \(path)#/x/set.000/force.npy: \(reason)
          """)
      // What no model needs is left out, for the same reason.
      #expect(warnings.count == 1 && warnings[0].contains("gap.npy: \(reason)"), "\(warnings)")
    }
  }
}
