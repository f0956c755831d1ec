import Atoms
import Datasets
import DeepPotential
import Random
import TestSupport
import Testing
import Training

/// Twelve frames of four atoms on a jittered square, with energies, forces and virials that look
/// normal.
private func goodSystem() -> AtomicSystem {
  var random = CounterRandom(seed: 5, purpose: "report")
  var positions: [Double] = [], forces: [Double] = [], energies: [Double] = []
  var virials: [Double] = []
  for _ in 0..<12 {
    for corner in [(1.0, 1.0), (3, 1), (1, 3), (3, 3)] {
      positions += [corner.0, corner.1, 1].map { $0 + 0.1 * random.normal() }
    }
    let pull = (0..<6).map { _ in random.normal() }
    forces += pull + pull.map { -$0 }
    energies.append(-40 + 0.01 * random.normal())
    let (a, b, c) = (random.normal(), random.normal(), random.normal())
    virials += [1, a, b, a, 2, c, b, c, 3]
  }
  return AtomicSystem(
    place: "good", typeNames: ["H", "O"], types: [1, 0, 0, 1], isPeriodic: true, frameCount: 12,
    positions: positions,
    cells: Array(repeating: [8, 0, 0, 0, 8, 0, 0, 0, 8], count: 12).flatMap(\.self),
    labels: ["energy": energies, "force": forces, "virial": virials])
}

private func report(_ systems: AtomicSystem...) throws -> DataReport {
  try surveyData(
    systems.map { try LabeledSystem($0, typeMap: ["O", "H", "C"]) }, typeMap: ["O", "H", "C"],
    cutoffs: [3], threads: 2)
}

/// Kinds and frames of what the report on `goodSystem()` after `damage` finds.
private func findings(
  _ damage: (inout AtomicSystem) -> Void
) throws -> [(kind: Finding.Kind, frames: [Int])] {
  var system = goodSystem()
  damage(&system)
  return try report(system).systems[0].findings.map { ($0.kind, $0.frames) }
}

@Test func `good data are summed up and nothing is found`() throws {
  let found = try report(goodSystem())
  let system = found.systems[0]
  #expect(system.findings.isEmpty)
  #expect(system.composition.first == [2, 2, 0] && found.absentTypes == ["C"])
  #expect(abs((system.energyPerAtom?.mean ?? 0) + 10) < 0.01)
  #expect(abs((system.pressure?.mean ?? 0) - 2.0 / 512) < 1e-15)
  let largest = try #require(system.forces)
  let forces = try #require(goodSystem().labels["force"])
  // Places are those of the file, although atoms are sorted by type for training.
  let first = 3 * (largest.frame * 4 + largest.atom)
  #expect(norm(SIMD3(forces[first], forces[first + 1], forces[first + 2])) == largest.largest)
}

@Test func `a frame that occurs twice is found, in the same system and in another`() throws {
  let copied = try findings { system in
    for k in 0..<12 { system.positions[7 * 12 + k] = system.positions[2 * 12 + k] }
  }
  #expect(copied.map(\.kind) == [.duplicateFrames] && copied.map(\.frames) == [[7]])
  let twice = try report(goodSystem(), goodSystem())
  #expect(twice.systems[0].findings.isEmpty)
  #expect(twice.systems[1].findings.map(\.kind) == [.duplicateFrames])
  #expect(twice.systems[1].findings[0].frames == Array(0..<12))
}

@Test func `atoms that are too close are found and named as in the file`() throws {
  var system = goodSystem()
  for k in 0..<3 { system.positions[4 * 12 + 9 + k] = system.positions[4 * 12 + k] }
  system.positions[4 * 12 + 9] += 0.3
  let found = try report(system)
  #expect(found.systems[0].findings.map(\.kind) == [.closeAtoms])
  #expect(found.systems[0].findings[0].frames == [4])
  let closest = try #require(found.neighbors.closest)
  #expect(abs(closest.distance - 0.3) < 1e-12 && closest.frame == 4)
  #expect(Set(closest.atoms) == [0, 3])
}

@Test func `atoms at the same place are an error that names them`() {
  var system = goodSystem()
  for k in 0..<3 { system.positions[4 * 12 + 9 + k] = system.positions[4 * 12 + k] }
  #expect(fails(as: .data) { try report(system) })
}

@Test func `forces that do not sum to zero are found`() throws {
  let found = try findings { $0.labels["force"]?[5 * 12] += 3 }
  #expect(found.map(\.kind) == [.netForce] && found[0].frames == [5])
}

@Test func `an energy far from the others is found`() throws {
  let found = try findings { $0.labels["energy"]?[9] += 2 }
  #expect(found.map(\.kind) == [.energyOutliers] && found[0].frames == [9])
}

@Test func `a virial that is not symmetric is found`() throws {
  let found = try findings { $0.labels["virial"]?[3 * 9 + 1] += 1 }
  #expect(found.map(\.kind) == [.asymmetricVirial] && found[0].frames == [3])
}

@Test func `other units are suspected from their size`() throws {
  // Forces in J/m would be 1.6e-9 times, in kJ/mol/nm 964 times those in eV/Å.
  let forces = try findings { $0.labels["force"] = $0.labels["force"]?.map { $0 * 964 } }
  #expect(forces.map(\.kind) == [.units])
  // Energies in J/mol.
  let energies = try findings { $0.labels["energy"] = $0.labels["energy"]?.map { $0 * 96485 } }
  #expect(energies.map(\.kind).contains(.units))
}

/// What the report on `goodSystem()` with other virials says of units.
private func unitText(_ change: (inout [Double]) -> Void) throws -> String {
  var system = goodSystem()
  change(&system.labels["virial", default: []])
  return try report(system).systems[0].findings.filter { $0.kind == .units }.map(\.text).joined()
}

@Test func `stress in GPa or kBar is found by its size, whatever its sign`() throws {
  let volume = 512.0
  // A stress of 3 GPa, and one of 30 kBar as VASP writes it, both read as eV/Å³.
  #expect(try unitText { $0[0] = 3 * volume }.contains("GPa?"))
  #expect(try unitText { $0[4] = -3 * volume }.contains("GPa?"))
  #expect(try unitText { $0[8] = -30 * volume }.contains("kBar?"))
  // Rock under 100 GPa.
  #expect(try unitText { for k in [0, 4, 8] { $0[k] = 0.624 * volume } }.isEmpty)
}

@Test func `virials of molecules that are not those of the forces are found`() throws {
  var system = goodSystem()
  system.isPeriodic = false
  system.cells = []
  let forces = try #require(system.labels["force"])
  var virials: [Double] = []
  for frame in 0..<12 {
    var virial = Array(repeating: 0.0, count: 9)
    for atom in 0..<4 {
      let first = 12 * frame + 3 * atom
      for k in 0..<9 { virial[k] += system.positions[first + k / 3] * forces[first + k % 3] }
    }
    virials += virial
  }
  func kinds(_ factor: Double) throws -> Set<Finding.Kind> {
    system.labels["virial"] = virials.map { $0 * factor }
    return Set(try report(system).systems[0].findings.map(\.kind))
  }
  #expect(try !kinds(1).contains(.strangeVirial))
  #expect(try !kinds(1.001).contains(.strangeVirial))
  for factor in [-1, 160.2, 1 / 27.2] { #expect(try kinds(factor).contains(.strangeVirial)) }
}

@Test func `energies that lost digits to single precision are found`() throws {
  func kinds(_ offset: Double, rounding: Bool) throws -> [Finding.Kind] {
    var system = goodSystem()
    system.labels["energy"] = system.labels["energy"]?.map { energy in
      rounding ? Double(Float(energy + offset)) : energy + offset
    }
    return try report(system).systems[0].findings.map(\.kind)
  }
  // 4 atoms: numbers near 4,000 eV are 2.4e-4 eV apart, those near 40 eV 3.8e-6 eV.
  #expect(try kinds(-4000, rounding: true) == [.roundedEnergies])
  #expect(try kinds(-4000, rounding: false).isEmpty)
  #expect(try kinds(0, rounding: true).isEmpty)
}

@Test func `too few slots are an error, and as many as needed are not`() throws {
  let systems = [try LabeledSystem(goodSystem(), typeMap: ["O", "H"])]
  let survey = try surveyData(systems, typeMap: ["O", "H"], cutoffs: [3], threads: 1)
  #expect(survey.neighbors.largestCounts == [2, 2])
  func statistics(_ rule: SlotRule) throws -> ModelStatistics {
    let options = ModelOptions(
      typeMap: ["O", "H"],
      descriptor: SeE2AOptions(
        innerCutoff: 0.5, outerCutoff: 3, slots: [0, 0], neuron: [4], axisWidth: 2),
      fitting: FittingOptions(neuron: [4]))
    return try gatherStatistics(
      StatisticsRequest(options, slotRules: [rule]), of: systems, survey, threads: 1)
  }
  #expect(fails(as: .data) { try statistics(.given([2, 1])) })
  #expect(try statistics(.given([2, 2])).slots == [[2, 2]])
  #expect(try statistics(.automatic(ratio: 1.1)).slots == [[4, 4]])
  // No slots at all leave a type out on purpose.
  #expect(try statistics(.given([2, 0])).slots == [[2, 0]])
}

@Test func `statistics do not depend on the number of threads`() throws {
  let systems = try readSystems(at: fixtures.appending(path: "train_data.hdf5").path).map {
    try LabeledSystem($0, typeMap: ["O", "H"])
  }
  let options = ModelOptions(
    typeMap: ["O", "H"],
    descriptor: SeE2AOptions(
      innerCutoff: 0.5, outerCutoff: 4, slots: [6, 10], neuron: [4], axisWidth: 2),
    fitting: FittingOptions(neuron: [4]))
  let results = try [1, 2, 4].map { threads in
    let report = try surveyData(systems, typeMap: ["O", "H"], cutoffs: [4], threads: threads)
    return try gatherStatistics(
      StatisticsRequest(
        options, slotRules: [.given([6, 10])], batchRule: .fixed(2), batchCount: 2),
      of: systems, report, threads: threads)
  }
  #expect(results[0] == results[1] && results[0] == results[2])
  // Two batches of two frames of 6, 9 and 8 atoms: 4 frames of each system.
  let rows = results[0].lists[0].environment.radial.reduce(0) { $0 + $1.count }
  #expect(rows == 4 * 23 * 16)
}
