import Foundation
import TestSupport
import Testing

/// Where HDF5 files are that libhdf5 1.10.8 cannot be trusted with once they are damaged.
private let seeds = checkout.appending(path: "Tests/Systems/Fuzz/seeds/dataset")

/// HDF5 files that no seal vouches for, as users give them to the tools.
struct ForeignFileTests {
  /// A seed, and the bytes of it that are changed.  libhdf5 1.10.8 crashes on each; `fuzz-readers`
  /// found them.
  private static let crashing: [(seed: String, bytes: [Int: UInt8])] = [
    ("dense.h5", [2156: 0x80]), ("dense.h5", [10795: 1]), ("dense.h5", [10789: 0xFE]),
    ("latest.h5", [2158: 5, 7314: 0x80]), ("dense.h5", [10981: 0x21, 15111: 0x20]),
  ]

  @Test(arguments: crashing.indices)
  func `a file that the HDF5 library crashes on ends a tool with 65 and the file's name`(
    index: Int
  ) throws {
    let (seed, changes) = Self.crashing[index]
    try withTemporaryFolder { folder in
      var bytes = try Data(contentsOf: seeds.appending(path: seed))
      for (position, byte) in changes { bytes[position] = byte }
      try bytes.write(to: folder.appending(path: "x.h5"))
      let model = fixtures.appending(path: "se_e2_a_smallsel.dp").path
      for (tool, arguments) in [
        ("dp-convert", ["--check", "x.h5"]), ("dp-convert", ["--check", "x.h5#/water"]),
        ("dp-freeze", ["--info", "x.h5"]), ("dp-eval", [model, "x.h5"]),
      ] {
        let run = try runTool(tool, arguments, in: folder)
        #expect(run.exitCode == 65, "\(tool) \(arguments): \(run.messages)")
        #expect(run.messages.hasPrefix("\(tool): x.h5"))
      }
    }
  }

  @Test func `a file with a group that cannot be listed is refused`() throws {
    // Some of what is in it can still be asked for by name, which the trial would then not have
    // seen.
    try withTemporaryFolder { folder in
      var bytes = try Data(contentsOf: fixtures.appending(path: "se_e2_a_smallsel.dp"))
      bytes[1072 + 130] ^= 0x40  // the place of one name of the root group
      try bytes.write(to: folder.appending(path: "x.dp"))
      let run = try runTool("dp-freeze", ["--info", "x.dp"], in: folder)
      #expect(run.exitCode == 65)
      #expect(run.messages.contains("a group in it cannot be listed"))
    }
  }

  @Test(arguments: [seeds.appending(path: "circle.h5"), fixtures.appending(path: "braid.h5")])
  func `links that go in circles, or lead to one group on many ways, come to an end`(
    file: URL
  ) throws {
    let run = try runTool("dp-convert", ["--check", file.path])
    #expect(run.exitCode == 65)
  }

  @Test func `a group that several names lead to is there under each of them`() throws {
    let run = try runTool("dp-convert", ["--check", seeds.appending(path: "ways.h5").path])
    #expect(run.exitCode == 0)
    #expect(run.output.contains("#/a/x/x: 1 frame") && run.output.contains("#/b/y/y: 1 frame"))
  }

  @Test(arguments: ["earliest.h5", "packed.h5", "latest.h5", "dense.h5"])
  func `a whole file of another program is read`(name: String) throws {
    let run = try runTool("dp-convert", ["--check", seeds.appending(path: name).path])
    #expect(run.exitCode == 0)
    #expect(run.output.contains("#/water: 2 frames of 3 atoms, O1H2, periodic, energy force\n"))
  }

  @Test func `a missing file exits 66, and a file that is no HDF5 file 65`() throws {
    #expect(try runTool("dp-freeze", ["--info", "/nowhere/x.h5"]).exitCode == 66)
    let text = fixtures.appending(path: "stat_parity.json").path
    #expect(try runTool("dp-freeze", ["--info", text]).exitCode == 65)
  }
}
