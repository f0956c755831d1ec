import Files
import Foundation
import TestSupport
import Testing

private let bohr = 0.529177210903, hartree = 27.211386245988
private let model = fixtures.appending(path: "se_e2_a_twoside.dp").path

/// A configuration that DeePMD-kit has evaluated: cubic, triclinic, in a small box or in none.
private struct Case {
  let names: [String], cell: [Double]?, positions: [Double]
  let energy: Double, forces: [Double], virial: [Double]

  /// All of the fixture; their numbers of atoms differ.
  static func all(of name: String = "se_e2_a_twoside") throws -> [Case] {
    let json = try fixture(name + ".json")
    let typeMap = (json["type_map"]?.elements ?? []).compactMap(\.text)
    return (json["configs"]?.elements ?? []).map { config in
      let box = config["box"]?.numbers ?? []
      return Case(
        names: (config["types"]?.elements ?? []).compactMap(\.int).map { typeMap[$0] },
        cell: box.isEmpty ? nil : box, positions: config["coord"]?.numbers ?? [],
        energy: config["out"]?["energy"]?.numbers.first ?? .nan,
        forces: config["out"]?["force"]?.numbers ?? [],
        virial: config["out"]?["virial"]?.numbers ?? [])
    }
  }

  /// An XYZ file of it, without anything but elements that is true.
  var structure: String {
    "\(names.count)\n# CELL(abcABC): 1 1 1 90 90 90\n"
      + names.map { "\($0) 0 0 0\n" }.joined()
  }

  /// What is sent, in Bohr radii.
  var wire: (cell: [Double], positions: [Double]) {
    ((cell ?? Array(repeating: 0, count: 9)).map { $0 / bohr }, positions.map { $0 / bohr })
  }

  func expectAnswer(_ answer: FakeConnection.Forces) {
    #expect(abs(answer.energy * hartree - energy) <= 1e-10)
    #expect(answer.forces.count == forces.count)
    for (found, wanted) in zip(answer.forces, forces) {
      #expect(abs(found * hartree / bohr - wanted) <= 1e-10)
    }
    for (found, wanted) in zip(answer.virial, virial) {
      #expect(abs(found * hartree - wanted) <= 1e-9)
    }
  }
}

/// dp-ipi with a server of the protocol that is not ours.
struct IPITests {
  /// Runs dp-ipi in a folder with structures and a server that `talk` speaks for.
  private func run<Talked: Sendable>(
    _ arguments: [String], model path: String = model, cases: [Case]? = nil, tcp: Bool = false,
    _ talk: @escaping @Sendable (FakeServer) throws -> Talked
  ) throws -> (talked: Talked, result: Finished) {
    try withTemporaryFolder { folder in
      let socket = folder.appending(path: "socket").path
      let server = try tcp ? FakeServer() : FakeServer(unix: socket)
      var all = [path] + (tcp ? ["--port", "\(server.port)"] : ["--unix", socket])
      for (index, one) in try (cases ?? Case.all()).enumerated() {
        let file = folder.appending(path: "\(index).xyz")
        try one.structure.write(to: file, atomically: true, encoding: .utf8)
        all += ["--structure", file.path]
      }
      return try server.serve(talk) {
        try runTool("dp-ipi", all + ["--units", "codata", "--wait", "20"] + arguments, in: folder)
      }
    }
  }

  @Test(arguments: [false, true])
  func `energy, forces and virial are DeePMD-kit's for structures of all kinds in turn`(
    tcp: Bool
  ) throws {
    let cases = try Case.all()
    #expect(cases.count == 5 && cases.contains { $0.cell == nil })
    let wires = cases.map(\.wire)
    let (answers, run) = try run(["--json"], tcp: tcp) { server in
      let client = try server.accept()
      let order = Array(wires.indices) + [0, 3]
      let answers = try order.map { index in
        (index, try client.calculate(cell: wires[index].cell, wires[index].positions))
      }
      try client.send(header: "EXIT")
      return answers
    }
    #expect(run.exitCode == 0, "\(run.messages)")
    for (index, answer) in answers { cases[index].expectAnswer(answer) }
    let result = try JSONValue(parsing: run.output.utf8, at: "output")
    #expect(result["calculations"]?.int == 7 && result["end"]?.text == "exit")
  }

  @Test func `a model whose frame parameters have a default takes that`() throws {
    let asked = try expectAnswer(of: "ener_default_fparam.dp", to: "ener_default_fparam")
    let (_, refused) = try self.run(
      [], model: fixtures.appending(path: "ener_fparam_aparam.dp").path, cases: [asked]
    ) { _ in }
    #expect(refused.exitCode == 65)
    #expect(refused.messages.contains("takes frame or atom parameters"), "\(refused.messages)")
  }

  @Test func `a graph of TensorFlow is taken as it is`() throws {
    _ = try expectAnswer(of: "foreign/pb_two.pb", to: "foreign/pb_two")
  }

  /// Asks the model of the file `name` for the first frame of a fixture, and checks the answer;
  /// gives this frame.
  private func expectAnswer(of name: String, to fixture: String) throws -> Case {
    let asked = try Case.all(of: fixture)[0], wire = asked.wire
    let (answer, run) = try run([], model: fixtures.appending(path: name).path, cases: [asked]) {
      try $0.accept().calculate(cell: wire.cell, wire.positions)
    }
    #expect(run.exitCode == 0, "\(run.messages)")
    asked.expectAnswer(answer)
    return asked
  }

  @Test func `a server that closes ends it well, one that vanishes with exit code 74`() throws {
    let wire = try Case.all()[0].wire
    let (_, closed) = try run([]) { server in
      _ = try server.accept().calculate(cell: wire.cell, wire.positions)
    }
    #expect(closed.exitCode == 0 && closed.messages.contains("closed, 1 calculation,"))
    let (_, vanished) = try run([]) { try $0.accept().send(Array("POSDATA     ".utf8)) }
    #expect(vanished.exitCode == 74)
    #expect(vanished.messages.contains("vanished in the middle of a message"))
    #expect(vanished.messages.contains("hint: "))
  }

  @Test func `it serves one server after the other until none comes`() throws {
    let cases = try Case.all(), wires = cases.map(\.wire)
    let (energies, run) = try run(["--reconnect", "--wait", "0.5", "--json"]) { server in
      var energies: [Double] = []
      for wire in wires.prefix(2) {
        energies.append(try server.accept().calculate(cell: wire.cell, wire.positions).energy)
      }
      let lost = try server.accept()
      try lost.sendPositions(cell: wires[0].cell, wires[0].positions)
      lost.hangUp()
      let last = try server.accept()
      server.stop()
      energies.append(try last.calculate(cell: wires[2].cell, wires[2].positions).energy)
      try last.send(header: "EXIT")
      return energies
    }
    #expect(run.exitCode == 0, "\(run.messages)")
    #expect(run.messages.contains("warning") && run.messages.contains("vanished"))
    for (energy, one) in zip(energies, cases) {
      #expect(abs(energy * hartree - one.energy) < 1e-10)
    }
    let result = try JSONValue(parsing: run.output.utf8, at: "output")
    #expect(result["servers"]?.int == 4 && result["calculations"]?.int == 4)
  }

  @Test func `without a server it waits as long as it is told and exits 74`() throws {
    try withTemporaryFolder { folder in
      try Case.all()[0].structure.write(
        to: folder.appending(path: "a.xyz"), atomically: true, encoding: .utf8)
      let run = try runTool(
        "dp-ipi", [model, "--structure", "a.xyz", "--unix", "./nobody", "--wait", "0.3"],
        in: folder)
      #expect(run.exitCode == 74)
      #expect(run.messages.contains("./nobody: no server in 0.3 s: No such file or directory"))
      let long = String(repeating: "x", count: 200)
      let tooLong = try runTool(
        "dp-ipi", [model, "--structure", "a.xyz", "--unix", "/\(long)"], in: folder)
      #expect(tooLong.exitCode == 64 && tooLong.messages.contains("longer than"))
    }
  }

  @Test func `what cannot be computed is named and exits 65`() throws {
    let wire = try Case.all()[0].wire
    var wrong = wire.positions
    wrong[7] = .nan
    let nan = wrong
    let same = Array(repeating: wire.positions[0], count: wire.positions.count)
    var flat = wire.cell
    flat.replaceSubrange(6..<9, with: [0, 0, 0])
    let slab = flat
    let tries: [(cell: [Double], positions: [Double], text: String)] = [
      (wire.cell, nan, "atom 2: the server sent a position that is no finite number"),
      (wire.cell, Array(wire.positions.dropLast(3)), "the server sent 23 atoms, but "),
      (slab, wire.positions, "a cell that spans no volume"),
      (wire.cell.map { $0 * .infinity }, wire.positions, "a cell that spans no volume"),
      (wire.cell, same, "two atoms are at the same place"),
    ]
    for (cell, positions, text) in tries {
      let (_, run) = try run([]) { server in
        let client = try server.accept()
        try client.sendPositions(cell: cell, positions)
        #expect(throws: FakeServer.Failure.self) { try client.status() }
      }
      #expect(run.exitCode == 65)
      #expect(run.messages.contains(text), "\(run.messages)")
    }
    let (_, garbage) = try run([]) { try $0.accept().send(Array("HELLO WORLD!".utf8)) }
    #expect(garbage.exitCode == 65 && garbage.messages.contains("sent 'HELLO WORLD!'"))
  }
}
