import Datasets
import struct Diagnostics.ToolErrors
import Files
import Foundation
import HDF5
import TestSupport
import Testing

/// All faulty arrays are told at once, in one order, with the shapes that they should have.
struct FaultyArraysTests {
  /// Makes a system of 4 frames of 6 atoms whose other arrays have the shapes given.
  private func write(_ shapes: [(String, [Int])], to folder: String, sets: [String]) throws {
    for set in sets {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(set)", withIntermediateDirectories: true)
      for (name, shape) in [("coord", [4, 18])] + shapes {
        let values = (0..<shape.reduce(1, *)).map { sin(Double($0)) }
        try FormatsTests.write(values, shape, to: "\(folder)/\(set)/\(name).npy")
      }
    }
    try writeWhole("0\n1\n1\n0\n1\n1\n", to: "\(folder)/type.raw")
    try writeWhole("O\nH\n", to: "\(folder)/type_map.raw")
  }

  private let broken = [("box", [1, 9]), ("energy", [1, 4]), ("force", [24, 3])]
  private let problems = [
    "box.npy: has shape 1 × 9, expected 4 × 9 (4 frames of coord.npy)",
    "energy.npy: has shape 1 × 4, expected 4 × 1 (4 frames of coord.npy)",
    "force.npy: has shape 24 × 3, expected 4 × 18 (4 frames of coord.npy, 3 for each of 6 atoms)",
  ]

  @Test func `three faulty arrays are told at once, in the order of their names`() throws {
    try withTemporaryFolder { folder in
      try write(broken, to: folder.path, sets: ["set.000"])
      let text = problems.map { "\(folder.path)/set.000/\($0)" }.joined(separator: "\n")
      for _ in 0..<6 { #expect(message { try readSystems(at: folder.path) } == text) }
      let errors = #expect(throws: ToolErrors.self) { try readSystems(at: folder.path) }
      #expect(
        errors?.errors.map(\.remedy) == [nil, "reshape it to (4, 1)", "reshape it to (4, 18)"])
    }
  }

  @Test func `those of all sets and all systems come together`() throws {
    try withTemporaryFolder { folder in
      try write(broken, to: "\(folder.path)/x", sets: ["set.000", "set.001"])
      try write(broken, to: "\(folder.path)/y", sets: ["set.5"])
      try write([("box", [4, 9])], to: "\(folder.path)/z", sets: ["set.5"])
      let faults = ["x/set.000", "x/set.001", "y/set.5"].flatMap { set in
        problems.map { "\(folder.path)/\(set)/\($0)" }
      }
      let flat = "\(folder.path)/z/set.5/box.npy, frame 0: the three cell vectors span no volume"
      let text = (faults + [flat]).joined(separator: "\n")
      #expect(message { try readSystems(at: folder.path) } == text)
    }
  }

  @Test(arguments: [("force", "forces"), ("energy", "energy"), ("virial", "virial")])
  func `an empty label says that it is empty and what to do`(name: String, word: String) throws {
    try withTemporaryFolder { folder in
      try write([("box", [4, 9]), (name, [4, 0])], to: folder.path, sets: ["set.000"])
      let errors = #expect(throws: ToolErrors.self) { try readSystems(at: folder.path) }
      #expect(errors?.errors.map { $0.problem.hasPrefix("is empty (4 × 0), expected") } == [true])
      #expect(errors?.errors.map(\.remedy) == ["remove it, the frames then have no \(word)"])
    }
  }

  @Test func `HDF5 groups tell all of theirs, too`() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "x.h5").path
      let file = try HDF5File(creating: path)
      for system in ["a", "b"] {
        try file.write([0], shape: [1], to: "/\(system)/type.raw")
        try file.write([1.0, 2, 3], shape: [1, 3], to: "/\(system)/set.000/coord.npy")
        try file.write([1.0, 2], shape: [2, 1], to: "/\(system)/set.000/energy.npy")
        try file.write([1.0, 2, 3], shape: [1, 3], to: "/\(system)/set.000/box.npy")
      }
      try file.close()
      let text = ["a", "b"].map { system in
        """
        \(path)#/\(system)/set.000/box.npy: has shape 1 × 3, expected 1 × 9 (1 frame of coord.npy)
        \(path)#/\(system)/set.000/energy.npy: has shape 2 × 1, expected 1 × 1 (1 frame of coord.npy)
        """
      }
      #expect(message { try readSystems(at: path) } == text.joined(separator: "\n"))
    }
  }

  @Test func `raw folders tell all of theirs, too`() throws {
    try withTemporaryFolder { folder in
      try writeWhole("0", to: "\(folder.path)/type.raw")
      for (name, text) in [
        ("coord", "0 0 0\n1 1 1"), ("box", "1 2 3\n4 5 6"), ("energy", "1\n2\n3"),
      ] { try writeWhole(text, to: "\(folder.path)/\(name).raw") }
      let text = message { try readSystems(at: folder.path) }
      #expect(
        text == """
          \(folder.path)/box.raw: has shape 2 × 3, expected 2 × 9 (2 frames of coord.raw)
          \(folder.path)/energy.raw: has shape 3 × 1, expected 2 × 1 (2 frames of coord.raw)
          """)
    }
  }
}
