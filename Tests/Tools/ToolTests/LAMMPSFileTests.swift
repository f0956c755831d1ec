import Atoms
import Datasets
import Foundation
import TestSupport
import Testing

/// LAMMPS's dumps as users give them to the tools.
struct LAMMPSFileTests {
  /// A dump of the first frame of `system`, atoms in reverse; `kind` gives each atom's second word.
  private func dump(_ system: AtomicSystem, _ column: String, _ kind: (Int) -> String) -> String {
    let cell = system.cells, x = system.positions
    let box = (0..<3).map { "\(cell[3 * $0]) \(cell[3 * $0 + 1]) \(cell[3 * $0 + 2]) 0.0" }
    let atoms = (0..<system.atomCount).reversed().map { atom in
      let place = x[3 * atom..<3 * atom + 3].map { "\($0)" }.joined(separator: " ")
      return "\(atom + 1) \(kind(system.types[atom])) \(place) 1 2 3"
    }
    return """
      ITEM: TIMESTEP
      0
      ITEM: NUMBER OF ATOMS
      \(system.atomCount)
      ITEM: BOX BOUNDS abc origin pp pp pp
      \(box.joined(separator: "\n"))
      ITEM: ATOMS id \(column) x y z fx fy fz
      \(atoms.joined(separator: "\n"))

      """
  }

  private func predict(_ data: String, in folder: URL) throws -> (AtomicSystem, String) {
    let model = fixtures.appending(path: "se_e2_a_oneside.dp").path
    let path = folder.appending(path: "\(URL(filePath: data).lastPathComponent).h5").path
    let run = try runTool("dp-eval", [model, data, "-n", "1", "--predictions", path], in: folder)
    try #require(run.exitCode == 0, "\(run.messages)")
    return (try readSystems(at: path)[0], run.messages)
  }

  @Test
  func `dp-eval takes types by number and elements by name, and gives the same as of a folder`()
    throws
  {
    try withTemporaryFolder { folder in
      let data = fixtures.appending(path: "data/a").path
      let system = try readSystems(at: data)[0]
      let names = try #require(system.typeNames)
      let expected = try predict(data, in: folder).0
      let byType = dump(system, "type") { "\($0 + 1)" }
      let byName = dump(system, "element") { names[$0] }
      try byType.write(to: folder.appending(path: "type"), atomically: true, encoding: .utf8)
      try byName.write(to: folder.appending(path: "name"), atomically: true, encoding: .utf8)
      for name in ["type", "name"] {
        let (found, messages) = try predict(name, in: folder)
        let difference = zip(found.labels["energy"] ?? [], expected.labels["energy"] ?? [])
          .map { abs($0 - $1) }
        #expect(difference.count == 1 && difference[0] < 1e-9, "\(difference)")
        #expect(messages.contains("type 1 is the first") == (name == "type"), "\(messages)")
      }
    }
  }

  @Test func `dp-convert names types with --type-map and takes forces with --forces only`() throws {
    try withTemporaryFolder { folder in
      let system = try readSystems(at: fixtures.appending(path: "data/a").path)[0]
      try dump(system, "type") { "\($0 + 1)" }
        .write(to: folder.appending(path: "md"), atomically: true, encoding: .utf8)
      func convert(_ output: String, _ more: [String] = []) throws -> AtomicSystem {
        let arguments = more + ["md", output, "--type-map", "Cu", "Zn", "Ag"]
        let run = try runTool("dp-convert", arguments, in: folder)
        try #require(run.exitCode == 0, "\(run.messages)")
        return try readSystems(at: folder.appending(path: output).path)[0]
      }
      let plain = try convert("plain.h5")
      #expect(plain.typeNames == ["Cu", "Zn", "Ag"])
      #expect(plain.types == system.types)
      #expect(plain.labels["force"] == nil)
      #expect(try convert("forces.h5", ["--forces"]).labels["force"]?.prefix(3) == [1, 2, 3])
      try "1\n\nO 0 0 0\n".write(
        to: folder.appending(path: "o.xyz"), atomically: true, encoding: .utf8)
      let wrong = try runTool("dp-convert", ["--forces", "o.xyz", "o.h5"], in: folder)
      #expect(wrong.exitCode == 65)
      #expect(wrong.messages.contains("no file is a dump"))
    }
  }
}
