import Files
import Foundation
import TestSupport
import Testing

private let model = fixtures.appending(path: "se_e2_a_twoside.dp").path
private let cell = [8.0, 0, 0, 0, 8, 0, 0, 0, 8]
private let positions = [0.0, 0, 0, 1.8, 0.2, 0, 0.1, 0, 7]
private let zeros = [Double](repeating: 0, count: 9)

/// What decides how dp-ipi understands a server: structures, cells, units, DeePMD-kit's input.
struct IPIOptionsTests {
  /// Writes `files`, lets dp-ipi answer one request, and gives its answer and what it left behind.
  private func answer(
    _ files: [String: String], _ arguments: [String], cell: [Double] = cell,
    positions: [Double] = positions, parameters: [UInt8] = []
  ) throws -> (talked: FakeConnection.Forces, result: Finished) {
    try withTemporaryFolder { folder in
      for (name, text) in files {
        let text = text.replacingOccurrences(of: "FOLDER", with: folder.path)
        try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
      }
      let server = try FakeServer(unix: folder.appending(path: "socket").path)
      return try server.serve { server in
        let client = try server.accept(limit: 10)
        return try client.calculate(cell: cell, positions, parameters: parameters)
      } while: {
        let connect = arguments[0].hasSuffix(".json") ? [] : ["--unix", "./socket"]
        return try runTool("dp-ipi", arguments + connect, in: folder)
      }
    }
  }

  /// The exit code and messages of dp-ipi where it does not come to a server.
  private func failure(_ files: [String: String], _ arguments: [String]) throws -> Finished {
    try withTemporaryFolder { folder in
      for (name, text) in files {
        try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
      }
      return try runTool("dp-ipi", arguments + ["--unix", "./none", "--wait", "0"], in: folder)
    }
  }

  private let water = "3\n\nO 0 0 0\nH 0 0 0\nH 0 0 0\n"

  @Test func `the units are the server's own, known by its INIT`() throws {
    let files = ["a.xyz": water], options = [model, "--structure", "a.xyz"]
    func energy(_ parameters: [UInt8], _ more: [String]) throws -> Double {
      try answer(files, options + more, parameters: parameters).talked.energy
    }
    let ase = try energy([], ["--units", "ase"]), iPI = try energy([], ["--units", "i-pi"])
    #expect(ase != iPI && abs(ase - iPI) < 1e-6 * abs(ase))
    #expect(try energy([0], []) == ase)
    #expect(try energy([], []) == iPI)
    #expect(try energy([0], ["--units", "i-pi"]) == iPI)
  }

  @Test func `a structure without cell is periodic if the server has a cell`() throws {
    let options = [model, "--structure", "a.xyz"]
    let free = "3\npbc=\"F F F\"\nO 0 0 0\nH 0 0 0\nH 0 0 0\n"
    let periodic = "3\nLattice=\"8 0 0 0 8 0 0 0 8\"\nO 0 0 0\nH 0 0 0\nH 0 0 0\n"
    let withCell = try answer(["a.xyz": water], options).talked.energy
    let without = try answer(["a.xyz": water], options, cell: zeros).talked.energy
    #expect(withCell != without)
    #expect(try answer(["a.xyz": periodic], options).talked.energy == withCell)
    #expect(try answer(["a.xyz": free], options).talked.energy == without)
    #expect(try answer(["a.xyz": water], options + ["--no-pbc"]).talked.energy == without)
    let (_, run) = try withTemporaryFolder { folder in
      try periodic.write(
        to: folder.appending(path: "a.xyz"), atomically: true, encoding: .utf8)
      let server = try FakeServer(unix: folder.appending(path: "socket").path)
      return try server.serve {
        let client = try $0.accept()
        try client.sendPositions(cell: zeros, positions)
        #expect(throws: FakeServer.Failure.self) { try client.status() }
      } while: {
        try runTool("dp-ipi", options + ["--unix", "./socket"], in: folder)
      }
    }
    #expect(run.exitCode == 65 && run.messages.contains("sent no cell"))
  }

  @Test func `the input of dp_ipi does as well, with its own names of types`() throws {
    let json = """
      {
        "verbose": false, "use_unix": true, "port": 31415, "host": "FOLDER/socket",
        "graph_file": "\(model)", "coord_file": "conf.xyz", "atom_type": { "OW": 0, "HW1": 1, "HW2": 1 }
      }
      """
    let named = "3\n# CELL(abcABC): 8 8 8 90 90 90\nOW 0 0 0\nHW1 0 0 0\nHW2 0 0 0\n"
    let (found, run) = try answer(["in.json": json, "conf.xyz": named], ["in.json"])
    #expect(run.exitCode == 0, "\(run.messages)")
    let (wanted, _) = try answer(["a.xyz": water], [model, "--structure", "a.xyz"])
    #expect(found.energy == wanted.energy && found.forces == wanted.forces)
    for (old, new, text) in [
      ("\"HW2\": 1", "\"HW2\": 3", "names type 3"), ("\"HW2\": 1", "\"X\": 1", "HW2"),
      ("\"port\"", "\"prt\"", "port"), ("coord_file", "coord", "coord_file"),
      ("\"verbose\"", "\"verbos\"", "in.json: verbos: is not a known key"),
      ("\"verbose\": false", "\"nsteps\": 1, \"x\": 2", "in.json: x: is not a known key"),
    ] {
      let changed = json.replacingOccurrences(of: old, with: new)
        .replacingOccurrences(of: "\"use_unix\": true", with: "\"use_unix\": \(text != "port")")
      let run = try failure(["in.json": changed, "conf.xyz": named], ["in.json"])
      #expect([65, 78].contains(run.exitCode) && run.messages.contains(text), "\(run.messages)")
    }
  }

  @Test func `atom energies go along as JSON that adds up to the energy`() throws {
    let (found, _) = try answer(
      ["a.xyz": water], [model, "--structure", "a.xyz", "--atom-energies"])
    let extra = try JSONValue(parsing: found.extra.utf8, at: "extra")
    let energies = extra["atom_energies"]?.numbers ?? []
    #expect(energies.count == 3 && abs(energies.reduce(0, +) - found.energy) < 1e-12)
  }

  @Test func `structures that do not do are refused before a server is looked for`() throws {
    let other = water.replacingOccurrences(of: "O", with: "Xe")
    let unknown = try failure(["a.xyz": other], [model, "--structure", "a.xyz"])
    #expect(unknown.exitCode == 65)
    #expect(
      unknown.messages.contains("has the elements Xe, which the model (O, H, Na) does not know"))
    let swapped = "3\n\nH 0 0 0\nO 0 0 0\nH 0 0 0\n"
    let twins = try failure(
      ["a.xyz": water, "b.xyz": swapped], [model, "--structure", "a.xyz", "--structure", "b.xyz"])
    #expect(twins.exitCode == 64 && twins.messages.contains("cannot be told apart"))
    #expect(try failure([:], [model]).messages.contains("give a '--structure <file>'"))
    #expect(try failure([:], [model]).exitCode == 64)
    let broken = try failure(["a.xyz": "three\n"], [model, "--structure", "a.xyz"])
    #expect(
      broken.exitCode == 65
        && broken.messages.contains("a.xyz, frame 0 (line 1): begins with 'three'"))
    let short = try failure(["a.xyz": "3\n\nO 0 0 0\n"], [model, "--structure", "a.xyz"])
    #expect(short.exitCode == 65)
    let parameters = fixtures.appending(path: "ener_fparam_aparam.dp").path
    let needs = try failure(["a.xyz": water], [parameters, "--structure", "a.xyz"])
    #expect(needs.exitCode == 65 && needs.messages.contains("frame or atom parameters"))
  }

  @Test func `any data names the elements`() throws {
    let data = fixtures.appending(path: "data/a").path
    let run = try failure([:], [model, "--structure", data])
    #expect(run.exitCode == 74 && run.messages.contains("no server"))
  }
}
