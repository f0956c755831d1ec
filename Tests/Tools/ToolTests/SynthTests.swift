import Datasets
import Files
import Foundation
import TestSupport
import Testing

@Suite struct SynthTests {
  /// Makes clusters, the cheapest of the systems, one frame each.
  private func synth(_ arguments: [String], in folder: URL) throws -> Finished {
    try runTool("dp-synth", arguments + ["--frames", "1"], in: folder, limit: 300)
  }

  @Test func `the folder holds systems that can be read, labels and nopbc included`() throws {
    try withTemporaryFolder { folder in
      let run = try synth(["cluster", "raw/"], in: folder)
      #expect(run.exitCode == 0)
      #expect(run.output.isEmpty)
      #expect(run.messages.hasSuffix("raw/: 5 systems, 5 frames\n"))
      let systems = try readSystems(at: folder.appending(path: "raw").path)
      #expect(systems.map(\.atomCount) == [12, 18, 24, 36, 30])
      for (system, name) in zip(systems, ["data_0", "data_1", "data_2", "data_3", "validation"]) {
        #expect(system.place.hasSuffix("/\(name)"))
        #expect(system.typeNames == ["O", "H"])
        #expect(!system.isPeriodic && system.frameCount == 1)
        #expect(system.labels.keys.sorted() == ["energy", "force", "virial"])
        #expect(FileManager.default.fileExists(atPath: "\(system.place)/nopbc"))
      }
    }
  }

  @Test func `an alloy is of mixed type, and every frame names the elements of its atoms`() throws {
    try withTemporaryFolder { folder in
      let arguments = ["alloy", "raw", "--frames", "2"]
      let run = try runTool("dp-synth", arguments, in: folder, limit: 300)
      #expect(run.exitCode == 0 && run.messages.hasSuffix("raw: 7 systems, 14 frames\n"))
      let place = folder.appending(path: "raw/data_1")
      let types = try String(contentsOf: place.appending(path: "type.raw"), encoding: .utf8)
      #expect(types == String(repeating: "0\n", count: 108))
      let set = try contents(of: place.appending(path: "set.000"))
      #expect(set.contains("real_atom_types.npy"))
      for system in try readSystems(at: folder.appending(path: "raw").path) {
        #expect(system.typeNames == ["Cu", "Ni", "Pd", "Pt"] && system.isPeriodic)
        #expect(system.usedTypes() == [0, 1, 2, 3])
        #expect(Array(system.types(ofFrame: 0)) != Array(system.types(ofFrame: 1)))
      }
    }
  }

  @Test func `same seed, same bytes, whatever the threads; another seed, other bytes`() throws {
    try withTemporaryFolder { folder in
      for (name, options) in [
        ("a", ["-j", "1"]), ("b", ["-j", "2", "--seed", "1"]), ("c", ["--seed", "2"]),
      ] {
        #expect(try synth(["cluster", name] + options, in: folder).exitCode == 0)
      }
      func bytes(_ name: String) throws -> [String: Data] {
        let top = folder.appending(path: name)
        let files = try contents(of: top).filter { $0.contains(".") && !$0.hasSuffix(".000") }
        return try Dictionary(
          uniqueKeysWithValues: files.map { ($0, try Data(contentsOf: top.appending(path: $0))) })
      }
      let (a, b, c) = (try bytes("a"), try bytes("b"), try bytes("c"))
      #expect(a.count == 5 * 6)
      #expect(a == b)
      #expect(a.keys == c.keys)
      for (file, content) in a where file.hasSuffix(".npy") { #expect(c[file] != content) }
    }
  }

  @Test func `a folder that holds something is refused with 73, systems are replaced by --force`()
    throws
  {
    try withTemporaryFolder { folder in
      let note = folder.appending(path: "raw/notes.txt")
      try FileManager.default.createDirectory(
        at: note.deletingLastPathComponent(), withIntermediateDirectories: true)
      // Empty is fine.
      #expect(try synth(["cluster", "raw"], in: folder).exitCode == 0)
      let before = try contents(of: folder)
      let run = try synth(["cluster", "raw"], in: folder)
      #expect(run.exitCode == 73)
      #expect(run.messages.hasPrefix("dp-synth: raw: exists already"))
      #expect(run.messages.contains("--force"))
      #expect(try synth(["cluster", "raw", "--force"], in: folder).exitCode == 0)
      #expect(try contents(of: folder) == before)
      // A file that is not ours is never deleted.
      try Data("mine".utf8).write(to: note)
      #expect(try synth(["cluster", "raw", "--force"], in: folder).exitCode == 73)
      #expect(try Data(contentsOf: note) == Data("mine".utf8))
    }
  }

  @Test func `an unknown system exits 64 and names the known ones`() throws {
    try withTemporaryFolder { folder in
      for arguments in [["steam", "raw/"], []] {
        let run = try runTool("dp-synth", arguments, in: folder)
        #expect(run.exitCode == 64)
        #expect(run.output.isEmpty)
        for name in ["water", "copper", "cluster", "alloy"] { #expect(run.messages.contains(name)) }
      }
      #expect(try contents(of: folder).isEmpty)
    }
  }

  @Test(arguments: [["water"], ["water", "raw", "--frames", "0"], ["water", "raw", "--list"]])
  func `a command line that makes no sense exits 64`(arguments: [String]) throws {
    try withTemporaryFolder { folder in
      let run = try runTool("dp-synth", arguments, in: folder)
      #expect(run.exitCode == 64)
      #expect(try contents(of: folder).isEmpty)
    }
  }

  @Test func `a folder that cannot be made exits 73`() throws {
    try withTemporaryFolder { folder in
      try Data().write(to: folder.appending(path: "file"))
      let run = try synth(["cluster", "file/raw"], in: folder)
      #expect(run.exitCode == 73)
      #expect(try contents(of: folder) == ["file"])
    }
  }

  @Test func `the list goes to standard output, as text or JSON`() throws {
    let text = try runTool("dp-synth", ["--list"])
    #expect(text.exitCode == 0 && text.messages.isEmpty)
    let names = text.output.split(separator: "\n").map { $0.prefix { $0 != " " } }
    #expect(names == ["water", "copper", "cluster", "alloy"])
    let json = try runTool("dp-synth", ["--list", "--json"])
    let value = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
    let systems = (value as? [String: [[String: String]]])?["systems"]
    #expect(systems?.compactMap { $0["name"] } == ["water", "copper", "cluster", "alloy"])
  }
}
