import Atoms
import Diagnostics
import Files

/// Writes `systems` to one extended XYZ file that ASE can read, frame after frame.
///
/// Energies, forces, virials and stresses have ASE's names, other labels DeePMD-kit's.  Numbers
/// have as many digits as reading them back exactly needs.  Padding atoms of mixed-type systems are
/// left out.  Throws `ToolError`: `.data` for a system that names no elements, `.cannotCreate` or
/// `.io`.
public func writeSystems(_ systems: [AtomicSystem], toExtendedXYZ path: String) throws {
  var text = ""
  for system in systems {
    guard system.typeNames != nil else {
      throw ToolError(
        .data, at: system.place, "names no elements, which extended XYZ needs",
        remedy: "add a type_map.raw, or name the elements with --type-map")
    }
    for frame in 0..<system.frameCount { try text += frameText(system, frame) }
  }
  try writeWhole(text, to: path)
}

/// The text of one frame: the number of atoms, the header and a line for each atom.
private func frameText(_ system: AtomicSystem, _ frame: Int) throws -> String {
  let types = Array(system.types(ofFrame: frame))
  let atoms = types.indices.filter { types[$0] >= 0 }
  let names = system.typeNames ?? []
  let perAtom = system.labels.keys.filter { LabelKind(named: $0).isPerAtom }.sorted()
  var text = "\(atoms.count)\n\(header(system, frame, perAtom))\n"
  let columns = [system.positions] + perAtom.map { system.labels[$0] ?? [] }
  for atom in atoms {
    text += names[types[atom]]
    for values in columns {
      let width = values.count / (system.frameCount * system.atomCount)
      let start = (frame * system.atomCount + atom) * width
      text += " " + spaced(values[start..<start + width])
    }
    text += "\n"
  }
  return text
}

private func header(_ system: AtomicSystem, _ frame: Int, _ perAtom: [String]) -> String {
  var pairs: [String] = []
  let cell = system.isPeriodic ? Array(row(system.cells, system, frame)) : nil
  if let cell { pairs.append("Lattice=\"\(spaced(cell[...]))\"") }
  let columns = perAtom.map { name in
    let width = (system.labels[name] ?? []).count / (system.frameCount * system.atomCount)
    return ":\(["force": "forces"][name] ?? name):R:\(width)"
  }
  pairs.append("Properties=species:S:1:pos:R:3" + columns.joined())
  for name in system.labels.keys.sorted() where !perAtom.contains(name) {
    let values = Array(row(system.labels[name] ?? [], system, frame))
    if name == "virial" {
      // ASE stores matrices column by column.
      let virial = [0, 3, 6, 1, 4, 7, 2, 5, 8].map { values[$0] }
      pairs.append("virial=\"\(spaced(virial[...]))\"")
      if let volume = cell.flatMap({ Cell(rows: $0) })?.volume {
        pairs.append("stress=\"\(spaced(virial.map { -$0 / volume }[...]))\"")
      }
    } else {
      pairs.append(
        values.count == 1 ? "\(name)=\(values[0])" : "\(name)=\"\(spaced(values[...]))\"")
    }
  }
  pairs.append(system.isPeriodic ? "pbc=\"T T T\"" : "pbc=\"F F F\"")
  return pairs.joined(separator: " ")
}

/// The row of `frame` in `values`.
private func row(
  _ values: [Double], _ system: AtomicSystem, _ frame: Int
) -> ArraySlice<Double> {
  let width = values.count / system.frameCount
  return values[frame * width..<(frame + 1) * width]
}

/// The shortest text for each number that reads back exactly, with blanks between.
private func spaced(_ values: ArraySlice<Double>) -> String {
  values.map { "\($0)" }.joined(separator: " ")
}
