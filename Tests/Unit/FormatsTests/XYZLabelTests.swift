import Atoms
import Datasets
import Diagnostics
import Files
import Runs
import TestSupport
import Testing

private let properties = "Properties=species:S:1:pos:R:3:forces:R:3"
private let lattice = "Lattice=\"6 0 0 0 6 0 0 0 6\""
private let atoms = "O 0 0 0 1 2 3\nH 1 0 0 4 5 6\n"

/// What is read of `text`, and what is told of it.
private func read(
  _ text: String, _ options: ReadingOptions = ReadingOptions()
) throws -> (systems: [AtomicSystem], notices: [String]) {
  let (result, notices) = try Notices.collected {
    try decodeExtendedXYZ(Array(text.utf8), place: "x.xyz", options)
  }
  return (result.systems, notices)
}

private func options(labels: [String: String]) throws -> ReadingOptions {
  var options = ReadingOptions()
  options.labels = try LabelNames(labels, place: "--labels")
  return options
}

private let mace = """
  2
  Properties=species:S:1:pos:R:3:REF_forces:R:3:forces:R:3 REF_energy=-3 energy=-9 \
  REF_stress="1 0 0 0 2 0 0 0 3" stress="9 0 0 0 9 0 0 0 9" \(lattice)
  O 0 0 0 1 2 3 9 9 9
  H 1 0 0 4 5 6 9 9 9

  """

@Test func `labels under other names are named once for a file, with the way to take them`() throws
{
  let frame = "2\n\(lattice) \(properties) REF_energy=-3 dft_stress=\"1 2 3 4 5 6\"\n\(atoms)"
  let notices = try read(frame + frame).notices
  #expect(notices.count == 1)
  #expect(notices[0].contains("x.xyz: REF_energy, dft_stress are left out"))
  #expect(notices[0].contains("--labels energy=REF_energy,stress=dft_stress"))
  #expect(
    notices[0].contains("\"labels\": {\"energy\": \"REF_energy\", \"stress\": \"dft_stress\"}"))
}

@Test func `columns that no header names are left out with one warning`() throws {
  let frame = "2\n\(lattice) energy=-3\n\(atoms)"
  let (systems, notices) = try read(frame + frame)
  #expect(systems[0].labels["force"] == nil)
  #expect(notices.count == 1)
  #expect(notices[0].hasPrefix("x.xyz, frame 0 (line 1): atoms have 3 columns more than"))
  #expect(notices[0].contains("Properties=species:S:1:pos:R:3:forces:R:3"))
  let one = try read("1\n\(lattice) \(properties)\nO 0 0 0 1 2 3 9\n").notices
  #expect(one.first?.contains("atoms have 1 column more") == true)
  #expect(try read("2\n\(lattice) \(properties)\n\(atoms)").notices.isEmpty)
}

@Test(
  arguments: [
    ([0x1F, 0x8B, 8, 0], "gunzip"), ([0x42, 0x5A, 0x68, 0x39], "bunzip2"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "unxz"), ([0x28, 0xB5, 0x2F, 0xFD], "unzstd"),
    ([0x50, 0x4B, 3, 4], "unzip"), ([0x2D, 0x20, 0, 0x41], "ase convert"),
  ] as [([UInt8], String)])
func `files that are no text say so, and what makes one of them`(start: [UInt8], way: String) {
  #expect(fails(as: .data) { try decodeExtendedXYZ(start, place: "x") })
  let error = #expect(throws: ToolError.self) { try decodeExtendedXYZ(start, place: "x") }
  #expect(error?.remedy?.contains(way) == true, "\(String(describing: error))")
}

@Test func `the way to take a label works as it is typed, and says which of several`() throws {
  let two = try read("2\n\(lattice) \(properties) energy_dft=-3 energy_mp2=-4\n\(atoms)").notices
  #expect(two.first?.contains("energy_dft, energy_mp2 are left out; to take energy_dft, ") == true)
  let blank = try read("2\n\(lattice) \(properties) \"my energy\"=-3\n\(atoms)").notices
  #expect(blank.first?.contains("--labels 'energy=my energy', ") == true)
  // Both may be there and disagree by what their file calls them.
  let both = "my_virial=\"1 2 3 4 5 6\" my_stress=\"1 2 3 4 5 6\""
  let virial = try read("2\n\(lattice) \(properties) \(both)\n\(atoms)").notices
  #expect(virial.first?.contains("to take my_virial, give dp-convert --labels virial=my_v") == true)
}

@Test(arguments: [
  "energy_weight=1", "config_energy_sigma=0.1", "stress-unit=GPa", "method=\"force field\"",
  "energy_method=PBE", "lattice_type=fcc", "free_energy=-1 energy=-1", "my_energy=none",
])
func `what is no label is not named`(pair: String) throws {
  #expect(try read("2\n\(lattice) \(properties) \(pair)\n\(atoms)").notices.isEmpty)
}

@Test func `labels are read under the names that are given, and nothing else goes with them`()
  throws
{
  let names = ["energy": "REF_energy", "forces": "REF_forces", "stress": "REF_stress"]
  let system = try read(mace, options(labels: names)).systems[0]
  #expect(system.labels["energy"] == [-3])
  #expect(system.labels["force"] == [1, 2, 3, 4, 5, 6])
  #expect(system.labels["virial"] == [1, 0, 0, 0, 2, 0, 0, 0, 3].map { $0 * -216 })
  #expect(try read(mace).systems[0].labels["energy"] == [-9])
}

@Test func `frames without the named label do not get another one`() throws {
  let other = "2\n\(lattice) \(properties) energy=-7\n\(atoms)"
  let systems = try read(mace + other, options(labels: ["energy": "REF_energy"])).systems
  #expect(systems.map { $0.labels["energy"] } == [[-3], nil])
}

@Test func `two columns of one label are read where they agree, and named where they differ`()
  throws
{
  func file(_ last: String) -> String {
    "1\n\(lattice) \(properties):force:R:3 energy=1\nO 0 0 0 1 2 3 1 2 \(last)\n"
  }
  #expect(try read(file("3")).systems[0].labels["force"] == [1, 2, 3])
  let problem = message { try read(file("4")) }
  #expect(problem.contains("the columns forces and force differ"))
  #expect(
    try read(file("4"), options(labels: ["force": "force"])).systems[0].labels["force"] == [
      1, 2, 4,
    ])
}

@Test(arguments: [
  "dipole=1.85", "dipole=\"a b c\"", "dipole=\"nan 0 0\"", "polarizability=\"1 2\"",
  "hessian=\"1 2 3\"", "dos=none",
])
func `labels that no model of the energy uses stop nothing`(pair: String) throws {
  let (systems, notices) = try read("2\n\(lattice) \(properties) energy=-1 \(pair)\n\(atoms)")
  #expect(systems[0].labels.keys.sorted() == ["energy", "force"])
  #expect(notices.count == 1 && notices[0].contains("is left out"))
}

@Test func `a polarizability of six numbers is symmetric`() throws {
  let text = "2\n\(lattice) \(properties) polarizability=\"1 2 3 4 5 6\"\n\(atoms)"
  #expect(try read(text).systems[0].labels["polarizability"] == [1, 6, 5, 6, 2, 4, 5, 4, 3])
}

@Test func `bad text is a warning under a label that nobody needs, an error under others`() throws {
  let text = "2\n\(lattice) \(properties) energy=-1 virial=\"***\"\n\(atoms)"
  #expect(message { try read(text) }.contains("virial=\"***\" found, expected numbers"))
  var options = ReadingOptions()
  options.needed = ["energy", "force"]
  let (systems, notices) = try read(text, options)
  #expect(systems[0].labels.keys.sorted() == ["energy", "force"])
  #expect(notices.count == 1 && notices[0].contains("virial is left out"))
  options.needed = ["energy"]
  let stars = "1\n\(lattice) \(properties) energy=-1\nO 0 0 0 1 ***** 3\n"
  #expect(message { try read(stars) }.contains("atom 0, forces: '*****' found, expected numbers"))
  #expect(try read(stars, options).systems[0].labels.keys.sorted() == ["energy"])
}

@Test func `frames that say nothing of cells are counted, those that do are not`() throws {
  let silent = "2\n\(properties) energy=-1\n\(atoms)"
  let said = "2\n\(properties) energy=-1 pbc=\"F F F\"\n\(atoms)"
  let notices = try read(silent + said + silent).notices
  #expect(notices.count == 1)
  #expect(
    notices[0].contains(
      "x.xyz: 2 frames have no cell: taken as isolated molecules; give --cell or --no-pbc"))
  #expect(try read(said).notices.isEmpty)
  var options = ReadingOptions()
  options.isIsolated = true
  #expect(try read(silent, options).notices.isEmpty)
  options = ReadingOptions()
  options.cell = [5, 0, 0, 0, 6, 0, 0, 0, 7]
  let (systems, told) = try read(silent + said, options)
  #expect(systems.map(\.isPeriodic) == [true, false] && told.isEmpty)
  #expect(systems[0].cells == options.cell)
}

@Test func `names that no file has are an error, and so are labels that nobody knows`() throws {
  try withTemporaryFolder { folder in
    let path = folder.appending(path: "x.xyz").path
    try writeWhole(mace, to: path)
    var cache = DataCache(limit: 0)
    let problem = message {
      try openSystems(at: [path], cache: &cache, options(labels: ["energy": "ref_energies"]))
    }
    #expect(problem.contains("no file has 'ref_energies', which is to be energy"))
  }
  #expect(fails(as: .usage) { try LabelNames(["energie": "x"], place: "") })
  #expect(fails(as: .usage) { try LabelNames(["force": "x", "forces": "y"], place: "") })
  #expect(fails(as: .usage) { try LabelNames(["force": "x", "energy": "x"], place: "") })
}

@Test func `arrays of other formats are read under the names that are given`() throws {
  try withTemporaryFolder { folder in
    var system = labeledWater()
    system.labels["REF_energy"] = system.labels["energy"]?.map { $0 - 1 }
    let path = folder.appending(path: "data.h5").path
    try writeSystems([system], toHDF5: path)
    let found = try readSystems(at: path, options(labels: ["energy": "REF_energy"]))[0]
    #expect(found.labels["energy"] == system.labels["REF_energy"])
    #expect(found.labels["REF_energy"] == nil)
    #expect(
      fails(as: .data) { try readSystems(at: path, options(labels: ["force": "REF_energy"])) })
  }
}

@Test func `hostile headers end quickly`() throws {
  // Brackets and quotes that never close are not read again from each of them.
  for text in ["[", "{", "[ ", "\" ' ", "a=[", "= ", "a= ", "\\", "[[", "a=\"[", "[a]="] {
    let line = String(repeating: text, count: 200_000 / text.utf8.count)
    _ = message { try read("1\n\(line) energy=1\nO 0 0 0\n") }
  }
}
