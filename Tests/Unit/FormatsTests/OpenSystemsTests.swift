import Atoms
import Datasets
import Diagnostics
import Files
import Foundation
import HDF5
import TestSupport
import Testing

/// Systems of all kinds, one of two sets.
private func systems() -> [AtomicSystem] {
  let frames = 5002
  let long = AtomicSystem(
    place: "long", typeNames: nil, types: [0, 1], isPeriodic: false, frameCount: frames,
    positions: (0..<6 * frames).map { sin(Double($0)) }, cells: [],
    labels: ["energy": (0..<frames).map { cos(Double($0)) }])
  return [labeledWater(periodic: false).moved(to: "dry"), long, mixedSystem(), labeledWater()]
}

/// Opens the systems at `paths` with room for `limit` bytes.
private func open(_ paths: [String], limit: Int) throws -> (
  systems: [OpenSystem], cache: DataCache
) {
  var cache = DataCache(limit: limit)
  return (try openSystems(at: paths, cache: &cache), cache)
}

/// Calls `body` with a data file of `systems()`.
private func withData<Result>(_ body: (_ path: String) throws -> Result) throws -> Result {
  try withTemporaryFolder { folder in
    let path = folder.appending(path: "data.h5").path
    try writeSystems(systems(), toHDF5: path)
    return try body(path)
  }
}

@Suite struct OpenSystemsTests {
  @Test func `what the index leads to is what HDF5 finds`() throws {
    try withData { path in
      // Without looking at the index, as for files of other programs.
      let slowly = try readSystems(
        from: HDF5File(reading: path), path: path, size: 1 << 20, group: "")
      #expect(try readSystems(at: path) == slowly)
      let opened = try open([path], limit: 0).systems
      #expect(try opened.map { try $0.contentDigest } == slowly.map(\.contentDigest))
      #expect(opened.map(\.frameCount) == [2, 5002, 2, 2])
      #expect(opened.map(\.isMixed) == [false, false, true, false])
      #expect(
        opened.map(\.labelWidths)
          == slowly.map { system in
            system.labels.mapValues { $0.count / system.frameCount }
          })
    }
  }

  @Test(arguments: [0, 1 << 30])
  func `frames come one by one, on both sides of a set's end, from disk and memory alike`(
    limit: Int
  ) throws {
    try withData { path in
      let opened = try open([path], limit: limit).systems
      for (stored, whole) in zip(opened, try readSystems(at: path)) {
        for first in Set([0, 1, whole.frameCount - 1, whole.frameCount - 2, 4999]) {
          for count in [1, 2] where first + count <= whole.frameCount {
            #expect(try stored.frames(first..<first + count) == whole.frames(first..<first + count))
          }
        }
      }
    }
  }

  @Test func `data stay on the disk if there is no room, all else is kept and counted`() throws {
    try withData { path in
      let size = try Data(contentsOf: URL(filePath: path)).count
      #expect(try open([path], limit: size - 1).cache.used == 0)
      let all = try open([path, "\(path)#/dry", "\(path)#long"], limit: size)
      #expect(all.cache.used == size && all.cache.warning == nil && all.systems.count == 6)
      #expect(all.systems[4].place == "\(path)#/dry" && all.systems[5].frameCount == 5002)
      let foreign = try open([fixtures.appending(path: "train_data.hdf5").path], limit: 10)
      #expect(foreign.cache.used > 1000 && foreign.cache.warning?.contains("dp-convert") == true)
      #expect(fails(as: .missingInput) { try open(["\(path)#/none"], limit: 0) })
    }
  }

  @Test func `a file that is replaced while it is open is read as it was`() throws {
    try withData { path in
      let opened = try open([path], limit: 0).systems, before = try readSystems(at: path)
      try writeSystems([mixedSystem()], toHDF5: path)
      #expect(try opened.map { try $0.whole() } == before)
    }
  }

  @Test(arguments: [
    (",2,true,", ",3000000,true,"), (",2,true,", ",-2,true,"), ("[\"coord\",9,", "[\"coord\",8,"),
    ("[\"force\",9,", "[\"force\",9,9999999"), ("[\"box\",9,", "[\"bux\",9,"),
    ("index 1", "index 2"), ("\"frames_per_set\":5000", "\"frames_per_set\":5"),
    ("]\n", "]]\n"), ("[\"energy\",1,", "[\"energy\",4611686018427387904,"),
  ])
  func `an index that misleads is damage, sealed or not`(old: String, new: String) throws {
    try withData { path in
      let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
      let text = try #require(Data(bytes).range(of: Data("{\"format\":".utf8)))
      let end = try #require(Data(bytes).range(of: Data("deep-potential index of ".utf8)))
      let index = String(decoding: bytes[text.lowerBound..<end.lowerBound], as: UTF8.self)
      try #require(index.contains(old))
      let changed = index.replacingOccurrences(of: old, with: new)
      let length = String(changed.utf8.count)
      let mark =
        "deep-potential index of "
        + String(repeating: "0", count: 20 - length.count) + length + "\n"
      let content = bytes[..<text.lowerBound] + Array((changed + mark).utf8)
      let seal = "\ndeep-potential sha256:\(Digest.sha256(Array(content)))\n"
      try writeWhole(content + Array(seal.utf8), to: path)
      #expect(fails(as: .data) { try open([path], limit: 0) })
      #expect(fails(as: .data) { try readSystems(at: path) })
    }
  }

  @Test func `a bit that flips anywhere behind the HDF5 file is noticed`() throws {
    try withData { path in
      let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
      let text = try #require(Data(bytes).range(of: Data("{\"format\":".utf8)))
      for place in stride(from: text.lowerBound, to: bytes.count, by: 37) {
        var damaged = bytes
        damaged[place] ^= 4
        try writeWhole(damaged, to: path)
        for limit in [0, 1 << 30] {
          #expect(fails(as: .data) { try open([path], limit: limit) }, "byte \(place)")
        }
      }
    }
  }

  @Test func `a number that is not finite is named by file, frame and atom`() throws {
    try withTemporaryFolder { folder in
      var long = systems()[1]
      long.positions[5001 * 6 + 4] = .nan
      let path = folder.appending(path: "data.h5").path
      try writeSystems([long], toHDF5: path)
      let stored = try open([path], limit: 0).systems[0]
      #expect(message { try stored.frames(0..<5001) } == "")
      #expect(
        message { try stored.frames(5001..<5002) }
          .hasPrefix("\(path)#/long/set.001/coord.npy, frame 1, atom 1: coord is nan"))
    }
  }

  @Test func `thousands of systems of one name get names of their own at once`() throws {
    try withTemporaryFolder { folder in
      let one = AtomicSystem(
        place: "x", typeNames: nil, types: [0], isPeriodic: false, frameCount: 1,
        positions: [0, 0, 0], cells: [], labels: [:])
      let path = folder.appending(path: "data.h5").path
      let names = try writeSystems(Array(repeating: one, count: 3000), toHDF5: path)
      #expect(names[0] == "x" && names[2999] == "x-3000" && Set(names).count == 3000)
      #expect(try open([path], limit: 0).systems.count == 3000)
    }
  }
}
