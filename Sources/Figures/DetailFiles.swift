import Atoms
import Datasets
import Diagnostics
import Files
import Logs

/// Reads detail files of `dp-eval --detail` or `dp test -d`; `data`, the evaluated systems, tell
/// the elements.
///
/// Throws `.data` if files or data do not fit each other.
func readDetails(_ paths: [String], data: [String]) throws -> Comparisons {
  var result = Comparisons(), found: [DetailKind: NumberTable] = [:]
  for path in paths {
    let table = try NumberTable(contents(ofFile: path), path: path)
    let kind = try DetailKind(table)
    if let other = found[kind] {
      throw ToolError(
        .usage, at: path, "is a second file of the same kind as \(other.path)",
        remedy: "draw each evaluation by itself")
    }
    found[kind] = table
  }
  if let table = found[.energyPerAtom] ?? found[.energy] {
    result.energyIsPerAtom = found[.energyPerAtom] != nil
    result.energy = Comparison(labels: table.column(0), predictions: table.column(1))
  }
  for (kind, unit) in [(DetailKind.virialPerAtom, "eV/atom"), (.virial, "eV"), (.stress, "eV/Å³")] {
    guard let table = found[kind] else { continue }
    result.virialUnit = unit
    result.virial = pairs(table, width: 9, rows: 0..<table.rowCount)
    break
  }
  if let table = found[.force] { try addForces(table, data, to: &result) }
  return result
}

/// The content of a detail file.
private enum DetailKind: Hashable {
  case energy, energyPerAtom, force, virial, virialPerAtom, stress

  /// Finds the kind by the heading and, for values per atom, by the name of the file: their heading
  /// is that of the values per frame.
  init(_ table: NumberTable) throws {
    let heading = table.headings.first?.text ?? "", isPerAtom = table.path.contains("_peratom")
    let columns: Int
    if heading.contains("data_fx") {
      (self, columns) = (.force, 6)
    } else if heading.contains("data_vxx") {
      (self, columns) = (isPerAtom ? .virialPerAtom : .virial, 18)
    } else if heading.contains("data_sxx") {
      (self, columns) = (.stress, 18)
    } else {
      (self, columns) = (isPerAtom ? .energyPerAtom : .energy, 2)
    }
    guard table.rowCount > 0 else { throw ToolError(.data, at: table.path, "has no rows") }
    guard table.columnCount == columns else {
      throw ToolError(
        .data, at: table.path, "has \(counted(table.columnCount, "column")), expected \(columns)")
    }
  }
}

/// The pairs in `rows`: `width` labels, then the same count of predictions.
private func pairs(_ table: NumberTable, width: Int, rows: Range<Int>) -> Comparison {
  var result = Comparison()
  for row in rows {
    let start = row * 2 * width
    for column in start..<start + width {
      result.add(table.values[column], table.values[column + width])
    }
  }
  return result
}

/// Adds the forces in `table`, which has a row for each atom, by the elements in `data` if there
/// are data.
private func addForces(_ table: NumberTable, _ data: [String], to result: inout Comparisons) throws
{
  if data.isEmpty {
    result.forces = [("", pairs(table, width: 3, rows: 0..<table.rowCount))]
    return
  }
  var cache = DataCache(limit: 0), row = 0
  for system in try openSystems(at: data, cache: &cache) {
    for frame in 0..<system.frameCount where row < table.rowCount {
      let types = try system.frames(frame..<frame + 1).frameTypes ?? system.types
      guard row + types.count <= table.rowCount else { break }
      for type in types {
        defer { row += 1 }
        guard type >= 0 else { continue }
        let start = 6 * row
        result.addForce(
          elementName(type, system), table.values[start..<start + 3],
          table.values[start + 3..<start + 6])
      }
    }
  }
  guard row == table.rowCount else {
    throw ToolError(
      .data, at: table.path,
      "has forces on \(counted(table.rowCount, "atom")), but the data have \(row)",
      remedy: "give the data that were evaluated, in the same order")
  }
}

/// The name of a type of `system`.
func elementName(_ type: Int, _ system: OpenSystem) -> String {
  guard let names = system.typeNames, names.indices.contains(type) else { return "type \(type)" }
  return names[type]
}
