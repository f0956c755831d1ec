import Atoms
import Datasets
import Files
import Foundation
import HDF5
import TestSupport
import Testing

@Test func `HDF5 keeps every label to the bit, sets of 5000 frames included`() throws {
  try withTemporaryFolder { folder in
    let frames = 5002
    let long = AtomicSystem(
      place: "long", typeNames: nil, types: [0], isPeriodic: false, frameCount: frames,
      positions: (0..<3 * frames).map { sin(Double($0)) }, cells: [],
      labels: ["energy": (0..<frames).map { cos(Double($0)) }])
    let systems = [
      labeledWater(), labeledWater(periodic: false).moved(to: "dry"), mixedSystem(), long,
    ]
    let path = folder.appending(path: "data.h5").path
    try writeSystems(systems, toHDF5: path)
    let back = try readSystems(at: path).map {
      $0.moved(to: String($0.place.split(separator: "/").last ?? ""))
    }
    #expect(back == systems.sorted { $0.place < $1.place })
    let file = try HDF5File(reading: path)
    #expect(try file.shape(of: "/long/set.000/energy.npy") == [5000, 1])
    #expect(try file.shape(of: "/long/set.001/coord.npy") == [2, 3])
  }
}

@Test func `equal systems give equal bytes, and no path gets into the file`() throws {
  try withTemporaryFolder { folder in
    let (first, second) = (folder.appending(path: "1.h5").path, folder.appending(path: "2.h5").path)
    let far = labeledWater().moved(to: "/some/where/else/water")
    try writeSystems([labeledWater()], toHDF5: first, provenance: ["tool": "test", "seed": "1"])
    try writeSystems([far], toHDF5: second, provenance: ["seed": "1", "tool": "test"])
    let bytes = try Data(contentsOf: URL(filePath: second))
    #expect(try Data(contentsOf: URL(filePath: first)) == bytes)
    #expect(bytes.range(of: Data("where".utf8)) == nil)
    #expect(try HDF5File(reading: first).stringAttribute("seed", of: "/") == "1")
  }
}

@Test func `any group of a file can be addressed, slashes or not`() throws {
  let path = fixtures.appending(path: "train_data.hdf5").path
  #expect(try readSystems(at: path).map(\.atomCount) == [6, 9, 8])
  for group in ["#/b", "#/b/", "#b"] {
    #expect(try readSystems(at: path + group).map(\.atomCount) == [9])
  }
  #expect(try readSystems(at: "\(path)#/").count == 3)
  #expect(fails(as: .missingInput) { try readSystems(at: "\(path)#/none") })
  #expect(message { try readSystems(at: "\(path)#/none") }.contains("the file has: a, b, c"))
  #expect(fails(as: .missingInput) { try readSystems(at: "\(path).none#/a") })
}

@Test func `fixture folders and the fixture file hold the same systems`() throws {
  let folders = try readSystems(at: fixtures.appending(path: "data").path)
  let groups = try readSystems(at: fixtures.appending(path: "train_data.hdf5").path)
  #expect(folders.map(\.contentDigest) == groups.map(\.contentDigest))
}

@Test func `systems are found in nested groups and in the root`() throws {
  try withTemporaryFolder { folder in
    let path = folder.appending(path: "nested.h5").path
    let file = try HDF5File(creating: path)
    for group in ["", "/a/b/c", "/a/d"] {
      try file.write([0], shape: [1], to: "\(group)/type.raw", bytes: 4)
      try file.write([true], shape: [], to: "\(group)/nopbc")
      try file.write([Float(1), 2, 3], shape: [1, 3], to: "\(group)/set.0/coord.npy")
    }
    try file.close()
    let found = try readSystems(at: path)
    #expect(found.map(\.place) == [path, "\(path)#/a/b/c", "\(path)#/a/d"])
    #expect(found.allSatisfy { $0.positions == [1, 2, 3] && !$0.isPeriodic })
    #expect(try readSystems(at: "\(path)#/a").count == 2)
  }
}

@Test func `a changed number is noticed by the checksum or the digest`() throws {
  try withTemporaryFolder { folder in
    let path = folder.appending(path: "data.h5").path
    try writeSystems([labeledWater()], toHDF5: path)
    var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    let number = try #require(labeledWater().labels["force"]?[4]).bitPattern
    let pattern = Data((0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) })
    let range = try #require(Data(bytes).range(of: pattern))
    bytes[range.lowerBound] ^= 1
    try writeWhole(bytes, to: path)
    #expect(fails(as: .data) { try readSystems(at: path) })
    #expect(message { try readSystems(at: path) }.contains("damaged"))
  }
}

@Test func `a system that lost its digest is damaged in a file of ours, fine in a foreign one`()
  throws
{
  try withTemporaryFolder { folder in
    for (name, format) in [("ours.h5", "deep-potential data 1"), ("theirs.h5", "something else")] {
      let path = folder.appending(path: name).path
      let file = try HDF5File(creating: path)
      try file.setAttribute("format", of: "/", to: format)
      try file.write([0], shape: [1], to: "/x/type.raw")
      try file.write([true], shape: [], to: "/x/nopbc")
      try file.write([1.0, 2, 3], shape: [1, 3], to: "/x/set.000/coord.npy")
      try file.close()
      #expect(fails(as: .data) { try readSystems(at: path) } == (name == "ours.h5"))
    }
  }
}

@Test func `a system that vanishes from a file of ours is noticed`() throws {
  try withTemporaryFolder { folder in
    let path = folder.appending(path: "data.h5").path
    try writeSystems([labeledWater(), mixedSystem()], toHDF5: path)
    var bytes = Data(try Data(contentsOf: URL(filePath: path)))
    // Without its type.raw the second group is no system any more.
    let name = try #require(bytes.range(of: Data("type.raw".utf8), options: .backwards))
    bytes[name.lowerBound] ^= 1
    try writeWhole([UInt8](bytes), to: path)
    #expect(fails(as: .data) { try readSystems(at: path) })
  }
}

@Test func `a digest that does not fit the content is an error`() throws {
  try withTemporaryFolder { folder in
    let path = folder.appending(path: "data.h5").path
    let file = try HDF5File(creating: path)
    try file.write([0], shape: [1], to: "/x/type.raw")
    try file.write([true], shape: [], to: "/x/nopbc")
    try file.write([1.0, 2, 3], shape: [1, 3], to: "/x/set.000/coord.npy")
    try file.setAttribute("content_sha256", of: "/x", to: String(repeating: "0", count: 64))
    try file.close()
    #expect(fails(as: .data) { try readSystems(at: path) })
    #expect(message { try readSystems(at: path) }.contains("data.h5#/x: is damaged"))
  }
}

@Test func `names of groups are unique, short and harmless`() throws {
  let places = [
    "/home/me/train/water", "/home/me/test/water", "x.h5#/water", "set.000", "type.raw", "é µ",
    "./", "md.xyz#H2O", "md.xyz#H2O",
  ]
  let names = try withTemporaryFolder { folder in
    try writeSystems(
      places.map { labeledWater().moved(to: $0) }, toHDF5: folder.appending(path: "n.h5").path)
  }
  #expect(
    names == [
      "train.water", "test.water", "x.water", "systemset.000", "systemtype.raw", "___", "O1H2",
      "md.H2O", "md.H2O-2",
    ])
}
