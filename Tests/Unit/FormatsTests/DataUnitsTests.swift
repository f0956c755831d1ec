import Atoms
import Datasets
import Diagnostics
import TestSupport
import Testing

private let lattice = "Lattice=\"6 0 0 0 6 0 0 0 6\""
private let properties = "Properties=species:S:1:pos:R:3:forces:R:3"

private func read(
  _ header: String, units: [String: String] = [:]
) throws -> (system: AtomicSystem, notices: [String]) {
  var options = ReadingOptions()
  options.units = try DataUnits(units, place: "--units")
  let text = "1\n\(lattice) \(properties) \(header)\nO 1 0 0 1 2 4\n"
  let (result, notices) = try Notices.collected {
    try decodeExtendedXYZ(Array(text.utf8), place: "x.xyz", options)
  }
  return (result.systems[0], notices)
}

private func near(_ a: Double?, _ b: Double) -> Bool { abs((a ?? .nan) - b) <= 2e-9 * abs(b) }

/// CODATA 2018's own values, and what follows from the SI's exact constants.
private let hartree = 27.211386245988, bohr = 0.529177210903
private let rydberg = hartree / 2, kilocalorie = 0.0433641042418, kilojoule = 0.0103642696562
private let forceUnit = hartree / bohr, stressUnit = hartree / (bohr * bohr * bohr)
private let gigapascal = 1 / 160.2176634

private let energies: [(String, Double)] = [
  ("energy-unit=hartree", hartree), ("Energy_Units=Ha", hartree), ("energy_unit=au", hartree),
  ("energy_unit=Ry", rydberg), ("energy-unit=kcal/mol", kilocalorie),
  ("ENERGY_UNIT=\"kJ/mol\"", kilojoule), ("energy_unit=meV", 1e-3), ("energy_unit=eV", 1),
  ("units=real", kilocalorie), ("units=metal", 1), ("units=\"hartree, bohr\"", hartree),
]

private let stresses: [(String, Double)] = [
  ("GPa", gigapascal), ("kbar", 0.1 * gigapascal), ("eV/A^3", 1), ("ev/Ang**3", 1), ("eV/Å³", 1),
  ("hartree/bohr^3", stressUnit), ("eV*angstrom^-3", 1), ("bar", 1e-4 * gigapascal),
  ("Ha/Bohr3", stressUnit),
]

private let forces: [(String, Double)] = [
  ("hartree/bohr", forceUnit), ("kcal/mol/Å", kilocalorie), ("Ha/Bohr", forceUnit),
  ("mev/ang", 1e-3), ("au", forceUnit), ("Ry/a0", forceUnit / 2),
]

@Test(arguments: energies)
func `declared energies are converted`(header: String, factor: Double) throws {
  let (system, notices) = try read("energy=2 virial=\"1 0 0 0 1 0 0 0 1\" \(header)")
  #expect(near(system.labels["energy"]?[0], 2 * factor))
  #expect(near(system.labels["virial"]?[0], factor))
  #expect(notices.isEmpty == (factor == 1))
}

@Test func `lengths convert positions and cells, and forces follow from energy and length`() throws
{
  let (system, notices) = try read("energy=2 length_units=bohr")
  #expect(near(system.positions[0], bohr) && near(system.cells[0], 6 * bohr))
  #expect(system.labels["energy"] == [2])
  #expect(near(system.labels["force"]?[2], 4 / bohr))
  #expect(notices.contains { $0.contains("length from bohr") && $0.contains("force from eV/bohr") })
  #expect(notices.contains { $0.contains("as the units of energy and length have it: force") })
  let both = try read("energy=2 length_units=bohr force-unit=eV/Å")
  #expect(both.system.labels["force"] == [1, 2, 4])
  #expect(both.notices.count == 1)
}

@Test(arguments: stresses)
func `stress is converted before it becomes a virial`(unit: String, factor: Double) throws {
  let stress = "stress=\"1 0 0 0 2 0 0 0 3\" stress-unit=\"\(unit)\""
  let virial = try #require(try read(stress).system.labels["virial"])
  #expect(near(virial[0], -216 * factor) && near(virial[8], -648 * factor))
}

@Test(arguments: forces)
func `declared forces are converted`(unit: String, factor: Double) throws {
  let (system, notices) = try read("energy=1 force-unit=\(unit)")
  #expect(near(system.labels["force"]?[1], 2 * factor) && system.labels["energy"] == [1])
  #expect(notices.count == 1)
}

@Test(arguments: [
  "energy-unit=foot", "length_unit=eV", "force-unit=eV", "energy_units=eV/atom", "stress-unit=",
  "units=lj", "units=\"eV parsec\"", "energy_unit=eV energy-units=hartree",
])
func `a unit that is not known is refused by name`(header: String) {
  let problem = message { try read("energy=1 \(header)") }
  #expect(problem.contains("x.xyz, frame 0 (line 1)"))
  let unit = header.drop { $0 != "=" }.dropFirst().prefix { $0 != " " }
  #expect(problem.contains(unit) || unit.isEmpty)
}

@Test func `units of the file count before those of the options`() throws {
  let units = ["energy": "hartree", "force": "hartree/bohr"]
  #expect(near(try read("energy=2", units: units).system.labels["energy"]?[0], 2 * hartree))
  let (system, _) = try read("energy=2 energy-unit=eV", units: units)
  #expect(system.labels["energy"] == [2])
  #expect(near(system.labels["force"]?[0], hartree / bohr))
  #expect(fails(as: .usage) { try DataUnits(["energy": "foot"], place: "") })
  #expect(fails(as: .usage) { try DataUnits(["charge": "e"], place: "") })
}

@Test func `files of any format are converted, from memory and from the disk alike`() throws {
  try withTemporaryFolder { folder in
    let system = labeledWater()
    let file = folder.appending(path: "data.h5").path, tree = folder.appending(path: "npy/").path
    try writeSystems([system], toHDF5: file)
    try writeSystems([system], toFolder: tree)
    var options = ReadingOptions()
    options.units = try DataUnits(["energy": "hartree", "length": "bohr"], place: "--units")
    for path in [file, tree] {
      for limit in [0, .max] {
        var cache = DataCache(limit: limit)
        let opened = try Notices.collected {
          try openSystems(at: [path], cache: &cache, options)
        }.result[0]
        let found = try opened.whole()
        #expect(near(found.positions[3], system.positions[3] * bohr))
        #expect(near(found.cells[0], system.cells[0] * bohr))
        for (name, factor) in [
          ("energy", hartree), ("virial", hartree), ("force", hartree / bohr),
          ("atom_ener", hartree), ("hessian", hartree / bohr / bohr), ("dipole", 1),
        ] {
          let before = try #require(system.labels[name]?.first)
          #expect(near(found.labels[name]?.first, before * factor), "\(name)")
        }
        #expect(try opened.contentDigest == found.contentDigest)
        #expect(
          opened.notes.conversion?.contains("energy from hartree (27.211386245988 eV)") == true)
      }
    }
  }
}
