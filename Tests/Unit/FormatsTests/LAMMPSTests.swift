import Atoms
import Datasets
import Diagnostics
import Files
import TestSupport
import Testing

/// What is read of `text`, and what is told of it.
private func read(
  _ text: String, _ change: (inout ReadingOptions) -> Void = { _ in }
) throws -> (systems: [AtomicSystem], notices: [String]) {
  var options = ReadingOptions()
  change(&options)
  let (result, notices) = try Notices.collected {
    try decodeLAMMPS(Array(text.utf8), place: "x.dump", options)
  }
  return (result.systems, notices)
}

private func dump(
  box: String = "pp pp pp\n1 5\n2 8\n-1 7", columns: String = "id type x y z",
  atoms: String = "2 2 1 2 3\n1 1 4 5 6", before: String = ""
) -> String {
  let count = atoms.split(separator: "\n").count
  return """
    \(before)ITEM: TIMESTEP
    0
    ITEM: NUMBER OF ATOMS
    \(count)
    ITEM: BOX BOUNDS \(box)
    ITEM: ATOMS \(columns)
    \(atoms)

    """
}

private let tilted = "xy xz yz pp pp pp\n-0.2 6.7 0.7\n2 8.5 -1.2\n-1 6 1.5"

/// LAMMPS 22 Jul 2025 wrote these numbers for `region prism 1 6 2 7 -1 6 0.7 -1.2 1.5`.
@Test func `the bounds of a tilted box give its vectors`() throws {
  let system = try read(dump(box: tilted)).systems[0]
  let expected = [5, 0, 0, 0.7, 5, 0, -1.2, 1.5, 7]
  #expect(zip(system.cells, expected).allSatisfy { abs($0 - $1) < 1e-12 }, "\(system.cells)")
}

/// Source: LAMMPS manual, "Triclinic simulation boxes": `xlo = xlo_bound - min(0, xy, xz, xy+xz)`.
@Test(arguments: [
  ("pp pp pp\n1 5\n2 8\n-1 7", [4, 0, 0, 0, 6, 0, 0, 0, 8], [3, 5, 1.0]),
  (tilted, [5, 0, 0, 0.7, 5, 0, -1.2, 1.5, 7], [3.55, 4.875, 0.75]),
  (
    "abc origin pp pp pp\n8 0 0 1\n0.8 3.6 0.4 2\n0.4 -1.2 4.4 3",
    [8, 0, 0, 0.8, 3.6, 0.4, 0.4, -1.2, 4.4], [5.5, 3.5, 4.3]
  ),
])
func `scaled coordinates begin at the corner of the box`(
  box: String, cell: [Double], position: [Double]
) throws {
  for columns in ["id type xs ys zs", "id type xsu ysu zsu"] {
    let system = try read(dump(box: box, columns: columns, atoms: "1 1 0.5 0.5 0.25")).systems[0]
    #expect(zip(system.cells, cell).allSatisfy { abs($0 - $1) < 1e-12 }, "\(system.cells)")
    #expect(
      zip(system.positions, position).allSatisfy { abs($0 - $1) < 1e-12 }, "\(system.positions)")
  }
}

@Test(arguments: ["x y z", "xu yu zu"])
func `atoms come in the order of their ids, types count from 0, and that is said`(
  columns: String
) throws {
  let (systems, notices) = try read(dump(columns: "id type \(columns)"))
  #expect(systems[0].types == [0, 1])
  #expect(systems[0].typeNames == nil)
  #expect(systems[0].positions == [4, 5, 6, 1, 2, 3])
  #expect(systems[0].cells == [4, 0, 0, 0, 6, 0, 0, 0, 8])
  #expect(notices.count == 1)
  #expect(notices[0].contains("type 1 is the first of the model's type map"))
}

@Test(arguments: ["element", "typelabel"])
func `elements name the types, whatever their numbers`(column: String) throws {
  let text = dump(columns: "\(column) z y x id type", atoms: "H 3 2 1 2 1\nO 6 5 4 1 7")
  let (systems, notices) = try read(text)
  #expect(systems[0].typeNames == ["O", "H"])
  #expect(systems[0].types == [0, 1])
  #expect(systems[0].positions == [4, 5, 6, 1, 2, 3])
  #expect(notices.isEmpty)
}

@Test func `the elements that LAMMPS writes when nobody named them are doubted`() throws {
  let columns = "id type element x y z"
  let atoms = "1 1 C 0 0 0\n2 2 C 1 0 0"
  #expect(try read(dump(columns: columns, atoms: atoms)).notices[0].contains("dump_modify"))
  let carbon = "1 1 C 0 0 0\n2 1 C 1 0 0"
  #expect(try read(dump(columns: columns, atoms: carbon)).notices.isEmpty)
}

@Test func `frames of other atoms are systems of their own`() throws {
  let other = dump(atoms: "1 1 0 0 0\n2 2 1 1 1\n3 2 2 2 2")
  let systems = try read(dump() + other + dump(atoms: "1 1 7 7 7\n2 2 8 8 8")).systems
  #expect(systems.map(\.frameCount) == [2, 1])
  #expect(systems.map(\.atomCount) == [2, 3])
  #expect(systems[0].positions == [4, 5, 6, 1, 2, 3, 7, 7, 7, 8, 8, 8])
}

@Test func `a box says whether it is periodic`() throws {
  let bounds = "\n1 5\n2 8\n-1 7"
  for flags in ["ff ff ff", "ss fm mm"] {
    #expect(try read(dump(box: flags + bounds)).systems[0].isPeriodic == false)
  }
  #expect(failure { _ = try read(dump(box: "pp pp ff" + bounds)) }.contains("some directions only"))
  #expect(failure { _ = try read(dump(box: "pp qq pp" + bounds)) }.contains("pp qq pp"))
  let silent = try read(dump(box: bounds))
  #expect(silent.systems[0].isPeriodic)
  #expect(silent.notices.contains { $0.contains("taken as periodic") })
  #expect(try read(dump(box: bounds)) { $0.isIsolated = true }.systems[0].isPeriodic == false)
}

@Test func `forces are labels only if they are asked for, in the units of the file`() throws {
  let atoms = "2 2 0 0 0 4 5 6\n1 1 1 1 1 1 2 3"
  func text(_ units: String) -> String {
    dump(columns: "id type x y z fx fy fz", atoms: atoms, before: units)
  }
  let unasked = try read(text(""))
  #expect(unasked.systems[0].labels.isEmpty)
  #expect(unasked.notices.contains { $0.contains("--forces") })
  let asked = try read(text("")) { $0.takesForces = true }
  #expect(asked.systems[0].labels["force"] == [1, 2, 3, 4, 5, 6])
  #expect(asked.notices.contains { $0.contains("eV/Å (LAMMPS's units metal)") })
  let real = try read(text("ITEM: UNITS\nreal\nITEM: TIME\n0\n")) { $0.takesForces = true }
  // 1 kcal/mol is 0.0433641 eV.
  #expect(abs((real.systems[0].labels["force"]?[0] ?? 0) - 0.0433641) < 1e-7)
  #expect(real.systems[0].positions == [1, 1, 1, 0, 0, 0])
  let electron = try read(text("ITEM: UNITS\nelectron\n"))
  #expect(abs(electron.systems[0].positions[0] - 0.529177) < 1e-6)
  #expect(abs(electron.systems[0].cells[0] - 4 * 0.529177) < 4e-6)
  #expect(failure { _ = try read(text("ITEM: UNITS\nlj\n")) }.contains("line 2"))
  #expect(failure { _ = try read(dump()) { $0.takesForces = true } }.contains("no fx, fy and fz"))
}

@Test(arguments: [
  (dump(atoms: "1 1 0 0 0\n1 1 1 1 1"), "two atoms with the id 1"),
  (dump(atoms: "1 1 0 nan 0"), "line 10: 'nan' found"),
  (dump(atoms: "1 1 0 0 0\n2 0 1 1 1"), "line 11: '0' found, expected a type"),
  (dump(atoms: "1 1 0 0"), "line 10: has 4 columns, but ITEM: ATOMS names 5"),
  (dump(columns: "id type mass q x"), "has no positions"),
  (dump(columns: "id mol x y z"), "neither types nor elements"),
  (dump(box: "pp pp pp\n5 1\n2 8\n-1 7"), "line 6: the box has no width"),
  (dump(box: "xy xz yz pp pp pp\n0 1 9\n0 5 0\n0 5 0"), "the tilts do not fit"),
  (dump(box: "pp pp pp\n1 5\n2 8"), "line 8: 'ITEM:' found"),
  ("ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n0\n", "line 4: '0' found"),
  ("ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n", "ends where the number of atoms"),
  ("ITEM: TIMESTEP\n0\nITEM: NUMBER OF ENTRIES\n2\nITEM: ENTRIES index\n", "expected atoms"),
  ("ITEM: TIMESTEP\n0\nITEM: ATOMS id type x y z\n", "atoms before ITEM: BOX BOUNDS"),
  (dump() + "ITEM: TIMESTEP\n5\nITEM: NUMBER OF ATOMS\n9\n", "before the atoms of frame 1"),
  (dump().replacing("ATOMS\n2\n", with: "ATOMS\n9000000000000\n"), "ends early, expected"),
])
func `a damaged dump is an error with its line`(text: String, problem: String) {
  let found = failure { _ = try read(text) }
  #expect(found.contains(problem), "\(found)")
}

private func failure(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "no error"
  } catch let error as ToolError {
    return error.kind == .data ? "\(error.place): \(error.problem)" : "\(error.kind)"
  } catch { return "\(error)" }
}

private func data(
  title: String = "LAMMPS data file", masses: String = "1 15.999\n2 1.008",
  style: String = "Atoms # atomic", atoms: String = "2 2 1 2 3\n1 1 4 5 6",
  box: String = "1 5 xlo xhi\n2 8 ylo yhi\n-1 7 zlo zhi"
) -> String {
  """
  \(title)

  \(atoms.split(separator: "\n").count) atoms
  2 atom types

  \(box)

  Masses

  \(masses)

  Pair Coeffs # lj/cut

  1 0.001 1.5

  \(style)

  \(atoms)

  Velocities

  1 0 0 0
  """
}

@Test(arguments: [
  ("Atoms # atomic", "2 2 1 2 3 0 0 0\n1 1 4 5 6 -1 0 2"),
  ("Atoms # charge", "2 2 0 1 2 3\n1 1 -1 4 5 6"), ("Atoms", "2 2 0.5 1 2 3\n1 1 -1.0 4 5 6"),
  ("Atoms # molecular", "2 1 2 1 2 3\n1 1 1 4 5 6"), ("Atoms", "2 2 1 2 3\n1 1 4 5 6"),
  ("Atoms  # full", "2 1 2 0 1 2 3 0 0 0  # a comment\n1 1 1 0 4 5 6"),
  ("Atoms", "2 1 2 0.5 1 2 3\n1 1 1 -1 4 5 6"),
])
func `a data file is one frame whatever its atom style`(style: String, atoms: String) throws {
  let (systems, notices) = try read(data(style: style, atoms: atoms))
  #expect(systems[0].typeNames == ["O", "H"])
  #expect(systems[0].positions == [4, 5, 6, 1, 2, 3])
  #expect(systems[0].cells == [4, 0, 0, 0, 6, 0, 0, 0, 8])
  #expect(notices == ["x.dump: types are named by their masses: 1 is O, 2 is H"])
}

@Test func `types of a data file are named by labels, comments or masses, else by nothing`() throws
{
  let commented = try read(data(masses: "1 1.0 # Cu\n2 1.0 # Zn"))
  #expect(commented.systems[0].typeNames == ["Cu", "Zn"])
  #expect(commented.notices.isEmpty)
  for masses in ["1 1.0\n2 1.0", "1 40.0\n2 1.008", "1 15.999\n2 2.014"] {
    #expect(try read(data(masses: masses)).systems[0].typeNames == nil)
  }
  let labels = data(atoms: "2 H 1 2 3\n1 O 4 5 6")
    .replacing("Masses\n", with: "Atom Type Labels\n\n1 O\n2 H\n\nMasses\n")
  #expect(try read(labels).systems[0].typeNames == ["O", "H"])
}

@Test func `boxes of data files may be tilted or given by vectors; molecules are made whole`()
  throws
{
  let bounds = "1 6 xlo xhi\n2 7 ylo yhi\n-1 6 zlo zhi\n"
  let tilted = try read(data(box: bounds + "0.7 -1.2 1.5 xy xz yz")).systems[0]
  #expect(tilted.cells == [5, 0, 0, 0.7, 5, 0, -1.2, 1.5, 7])
  let vectors = "8 0 0 avec\n0.8 3.6 0.4 bvec\n0.4 -1.2 4.4 cvec\n0 0 0 abc origin"
  #expect(
    try read(data(box: vectors)).systems[0].cells == [8, 0, 0, 0.8, 3.6, 0.4, 0.4, -1.2, 4.4])
  let images = data(atoms: "2 2 1 2 3 1 0 -1\n1 1 4 5 6 0 0 0")
  let molecule = try read(images) { $0.isIsolated = true }.systems[0]
  #expect(molecule.positions == [4, 5, 6, 5, 2, -5])
  let electron = try read(data(title: "written, units = electron")).systems[0]
  #expect(abs(electron.cells[0] - 4 * 0.529177) < 4e-6)
}

@Test(arguments: [
  (data(style: "Atoms # sphere"), "line 21: atoms have the style 'sphere'"),
  (data(style: "Atoms", atoms: "1 1 1 1 2 3"), "has 6 columns of an atom style"),
  (data(style: "Atomes"), "has no section Atoms"), (data(atoms: "1 1 0 0 x"), "line 21: 'x' found"),
  (data(atoms: "1 1 0 0 0\n1 1 1 1 1"), "two atoms with the id 1"),
  (data(box: "1 5 xlo xhi\n2 8 ylo yhi"), "has no whole box"),
  (data(box: "5 1 xlo xhi\n2 8 ylo yhi\n-1 7 zlo zhi"), "line 6: the box has no width"),
  (data(title: "units = lj"), "line 1: is in LAMMPS's units 'lj'"),
  (
    data(atoms: "1 1 0 0 0").replacing("1 atoms", with: "7000000000000 atoms"),
    "file ends early, expected"
  ),
])
func `a damaged data file is an error with its line`(text: String, problem: String) {
  let found = failure { _ = try read(text) }
  #expect(found.contains(problem), "\(found)")
}

@Test func `files are known by content`() {
  #expect(isLAMMPS(Array(dump().utf8)))
  #expect(isLAMMPS(Array("\u{feff}\(dump())".utf8)))
  #expect(isLAMMPS(Array(data().utf8)))
  for text in ["", "2\n\nO 0 0 0\nH 1 0 0\n", "1\n3 atoms 0 1 xlo xhi\nO 0 0 0\n", "ITEMS 3"] {
    #expect(!isLAMMPS(Array(text.utf8)), "\(text)")
  }
}
