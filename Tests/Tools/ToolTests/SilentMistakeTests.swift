import Atoms
import Datasets
import Files
import Foundation
import TestSupport
import Testing

/// Inputs that lead other programs to wrong results without a word: here each is an error, or is
/// computed rightly.
struct SilentMistakeTests {
  private static let data = fixtures.appending(path: "data").path

  @Test func `more neighbors in validation data than slots exit 65 with the needed sel`() throws {
    try withTraining(replacing: [("data.h5#/c", "dense.h5")]) { folder in
      var systems = try readSystems(at: folder.appending(path: "data.h5#/c").path)
      // Three clusters nearly in one place.
      systems = [systems[0].copied(3) { _, copy in [0.9 * Double(copy), 0, 0] }]
      try writeSystems(systems, toHDF5: folder.appending(path: "dense.h5").path)
      let run = try runTool("dp-train", ["input.json"], in: folder)
      #expect(run.exitCode == 65)
      #expect(run.messages.contains("\"sel\": ["), "\(run.messages)")
      #expect(try contents(of: folder) == ["data.h5", "dense.h5", "input.json"])
    }
  }

  @Test(arguments: [
    ["dp-convert", "--check", "raw"], ["dp-convert", "raw", "out.h5"],
    ["dp-stat", "input.json", "raw", "-o", "out.h5"], ["dp-train", "input.json"],
    ["dp-eval", "model.dp", "raw"],
  ])
  func `an infinite coordinate exits 65 and names file, frame and atom`(command: [String]) throws {
    try withTraining(replacing: [("\"data.h5#/a\", \"data.h5#/b\"", "\"raw\"")]) { folder in
      let files = FileManager.default, raw = folder.appending(path: "raw").path
      try files.copyItem(atPath: Self.data + "/a", toPath: raw)
      try files.copyItem(
        at: fixtures.appending(path: "se_e2_a_oneside.dp"),
        to: folder.appending(path: "model.dp"))
      let file = raw + "/set.000/coord.npy"
      var array = try readNPY(at: file)
      array.values[3 * 18 + 5 * 3 + 1] = .infinity
      try writeWhole(encodeNPY(array), to: file)
      let before = try contents(of: folder)
      let run = try runTool(command[0], Array(command.dropFirst()), in: folder)
      #expect(run.exitCode == 65)
      #expect(
        run.messages.contains("raw/set.000/coord.npy, frame 3, atom 5: coord is inf"),
        "\(run.messages)")
      #expect(try contents(of: folder) == before)
    }
  }

  @Test func `a cell smaller than twice the cutoff gives the energy of its supercell`() throws {
    try withTemporaryFolder { folder in
      let small = try readSystems(at: Self.data + "/a")[0]
      // Its atoms are neighbors of their own images under a cutoff of 4 Å.
      try #require(small.cells.allSatisfy { abs($0) < 8 })
      try writeSystems([small], toHDF5: folder.appending(path: "1.h5").path)
      let large = small.repeated(2, 1, 3)
      try writeSystems([large], toHDF5: folder.appending(path: "6.h5").path)
      var energies: [[Double]] = []
      for name in ["1", "6"] {
        let run = try runTool(
          "dp-eval",
          [fixtures.appending(path: "se_e2_a_oneside.dp").path, "\(name).h5"]
            + ["--predictions", "\(name).out.h5", "--quiet"], in: folder)
        #expect(run.exitCode == 0, "\(run.messages)")
        let predicted = try readSystems(at: folder.appending(path: "\(name).out.h5").path)
        energies.append(predicted[0].labels["energy"] ?? [])
      }
      #expect(energies[0].count == small.frameCount && energies[1].count == small.frameCount)
      for (one, six) in zip(energies[0], energies[1]) {
        #expect(abs(6 * one - six) <= 1e-12 * abs(six))
      }
    }
  }

  @Test func `a system without a cell stays one, through every format and tool`() throws {
    try withTemporaryFolder { folder in
      let model = fixtures.appending(path: "se_e2_a_oneside.dp").path
      for (tool, arguments) in [
        ("dp-convert", [Self.data + "/c", "1.h5"]), ("dp-convert", ["1.h5", "npy/"]),
        ("dp-convert", ["npy", "2.xyz"]), ("dp-convert", ["2.xyz", "3.h5"]),
        ("dp-eval", [model, "3.h5", "--predictions", "4.h5"]),
      ] {
        let run = try runTool(tool, arguments, in: folder)
        #expect(run.exitCode == 0, "\(run.messages)")
      }
      for name in ["1.h5", "npy", "2.xyz", "3.h5", "4.h5"] {
        let systems = try readSystems(at: folder.appending(path: name).path)
        #expect(systems.map(\.isPeriodic) == [false], "\(name)")
      }
    }
  }

  @Test func `statistics of other data, another cutoff or another type map are refused`() throws {
    try withTraining { folder in
      #expect(try runTool("dp-stat", ["input.json", "-o", "stat.h5"], in: folder).exitCode == 0)
      let input = folder.appending(path: "input.json")
      let text = try String(contentsOf: input, encoding: .utf8)
      for (old, new, word) in [
        ("\"data.h5#/a\", ", "", "data"), ("4.0", "3.9", "rcut"),
        ("\"H\"]", "\"H\", \"C\"]", "type"),
      ] {
        try #require(text.contains(old))
        let changed = text.replacing(old, with: new).replacing("[6, 10]", with: "\"auto\"")
        try changed.write(to: input, atomically: false, encoding: .utf8)
        let run = try runTool("dp-train", ["input.json", "--statistics", "stat.h5"], in: folder)
        #expect(run.exitCode == 65 && run.messages.contains(word), "\(run.messages)")
        #expect(try contents(of: folder) == ["data.h5", "input.json", "stat.h5"])
      }
    }
  }

  @Test func `odd data are found, each kind by its name`() throws {
    try withTraining { folder in
      var system = try readSystems(at: folder.appending(path: "data.h5#/a").path)[0]
      let atoms = system.atomCount
      // Frame 1 is frame 0 again; in frame 2 two atoms nearly touch; forces of frame 3 have a sum.
      for k in 0..<3 * atoms { system.positions[3 * atoms + k] = system.positions[k] }
      for k in 0..<9 { system.cells[9 + k] = system.cells[k] }
      for k in 0..<3 { system.positions[6 * atoms + 3 + k] = system.positions[6 * atoms + k] + 0.1 }
      for name in ["energy", "force", "virial"] {
        var values = system.labels[name] ?? []
        let width = values.count / system.frameCount
        for k in 0..<width { values[width + k] = values[k] }
        system.labels[name] = values
      }
      system.labels["force"]?[9 * atoms] += 200
      system.labels["energy"]?[4] += 1000
      try writeSystems([system], toHDF5: folder.appending(path: "odd.h5").path)
      let run = try runTool("dp-stat", ["input.json", "odd.h5", "--json"], in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")
      for name in ["duplicate_frames", "close_atoms", "net_force", "energy_outliers"] {
        #expect(run.output.contains("\"\(name)\""), "\(name)")
      }
    }
  }
}

extension AtomicSystem {
  /// Copies of all atoms, without labels; `shift` says where each copy of a frame goes, in Å.
  fileprivate func copied(
    _ copies: Int, _ shift: (_ frame: Int, _ copy: Int) -> [Double]
  ) -> AtomicSystem {
    var moved: [Double] = []
    for frame in 0..<frameCount {
      let own = positions[frame * 3 * atomCount..<(frame + 1) * 3 * atomCount]
      for copy in 0..<copies {
        let by = shift(frame, copy)
        moved += own.enumerated().map { $1 + by[$0 % 3] }
      }
    }
    return AtomicSystem(
      place: place, typeNames: typeNames, types: (0..<copies).flatMap { _ in types },
      isPeriodic: isPeriodic, frameCount: frameCount, positions: moved, cells: cells, labels: [:])
  }

  /// The same crystal in cells that are larger by whole numbers.
  fileprivate func repeated(_ a: Int, _ b: Int, _ c: Int) -> AtomicSystem {
    var large = copied(a * b * c) { frame, copy in
      let (i, j, k) = (Double(copy / (b * c)), Double(copy / c % b), Double(copy % c))
      let cell = Array(cells[9 * frame..<9 * frame + 9])
      return (0..<3).map { i * cell[$0] + j * cell[3 + $0] + k * cell[6 + $0] }
    }
    let factors = [a, b, c].flatMap { [Double](repeating: Double($0), count: 3) }
    large.cells = cells.enumerated().map { $1 * factors[$0 % 9] }
    return large
  }
}
