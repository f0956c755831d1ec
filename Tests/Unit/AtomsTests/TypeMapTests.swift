import Atoms
import Diagnostics
import Testing

private func water(_ names: [String]? = ["H", "O"], _ types: [Int] = [0, 1, 0]) -> AtomicSystem {
  AtomicSystem(
    place: "w", typeNames: names, types: types, isPeriodic: false, frameCount: 1,
    positions: [0, 0, 0, 1, 0, 0, 0, 1, 0], cells: [], labels: ["energy": [1]])
}

@Test func `types are translated by name`() throws {
  let system = try water().translated(to: ["O", "C", "H"])
  #expect(system.types == [2, 0, 2])
  #expect(system.typeNames == ["O", "C", "H"])
}

@Test func `indices are kept when the system names no types`() throws {
  #expect(try water(nil).translated(to: ["O", "H"]).types == [0, 1, 0])
  #expect(throws: ToolError.self) { try water(nil).translated(to: ["O"]) }
}

@Test func `unknown elements are an error that lists them, used or not`() throws {
  let system = water(["H", "O", "Na", "Cl"])
  let error = #expect(throws: ToolError.self) { try system.translated(to: ["H", "O"]) }
  #expect(error?.problem.contains("Na, Cl") == true && error?.kind == .data)
  #expect(try system.translated(to: ["O", "H"], ignoringUnused: true).types == [1, 0, 1])
  #expect(throws: ToolError.self) { try system.translated(to: ["O"], ignoringUnused: true) }
}

@Test func `types of frames are translated and padding stays padding`() throws {
  var system = water()
  system.types = [9, 9, 9]  // placeholders may be anything
  system.frameTypes = [1, 0, -1]
  let translated = try system.translated(to: ["O", "H"])
  #expect(translated.frameTypes == [0, 1, -1])
  #expect(translated.types == [0, 0, 0])
  #expect(translated.order(ofFrame: 0) == [0, 1, 2])
}

@Test func `sorting by type keeps the order within a type and puts padding last`() {
  let system = AtomicSystem(
    place: "", typeNames: nil, types: [0, 0, 0, 0, 0], frameTypes: [1, -1, 0, 1, 0],
    isPeriodic: false, frameCount: 1, positions: .init(repeating: 0, count: 15), cells: [],
    labels: [:])
  #expect(system.order(ofFrame: 0) == [2, 4, 0, 3, 1])
}

@Test func `validation names what is wrong`() throws {
  func problem(_ change: (inout AtomicSystem) -> Void) -> ToolError? {
    var system = water()
    change(&system)
    return #expect(throws: ToolError.self) { try system.validated() }
  }
  #expect(try water().validated() == water())
  #expect(problem { $0.positions[4] = .infinity }?.place == "w, coord, frame 0, atom 1")
  #expect(problem { $0.labels["energy"] = [.nan] }?.place == "w, energy, frame 0")
  #expect(
    problem { $0.labels["energy"] = [1, 2] }?.problem.contains("energy has 2 numbers") == true)
  #expect(problem { $0.labels["aparam"] = [1, 2] }?.problem.contains("aparam") == true)
  #expect(problem { $0.types[0] = 2 }?.problem.contains("type 2") == true)
  #expect(problem { $0.types[0] = -1 }?.problem.contains("type -1") == true)
  #expect(problem { $0.typeNames = ["O", "O"] }?.problem.contains("twice") == true)
  #expect(
    problem {
      $0.typeNames = nil; $0.frameTypes = [0, 0, 0]
    } != nil)
}

@Test func `a formula counts atoms by element`() {
  #expect(water().formula == "H2O1")
  #expect(water(nil).formula == "T0_2T1_1")
}
