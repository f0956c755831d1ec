import Atoms
import Datasets
import DeepPotential
import Diagnostics
import Files
import Foundation
import Logs

/// Reads detail files of `dp-eval --detail` or `dp test -d`; `data`, the evaluated systems, tell
/// the elements of forces.
///
/// Throws `.data` if files or data do not fit each other.
func readDetails(_ paths: [String], data: [String]) throws -> Comparisons {
  var result = Comparisons(), found: [DetailKind: NumberTable] = [:]
  for path in paths {
    let table = try NumberTable(contents(ofFile: path), path: path)
    let kind = try DetailKind(table)
    if case .values(let values) = kind {
      values.add(table, to: &result)
      continue
    }
    if let other = found[kind] {
      throw ToolError(
        .usage, at: path, "is a second file of the same kind as \(other.path)",
        remedy: "draw each evaluation by itself")
    }
    found[kind] = table
  }
  if let table = found[.energyPerAtom] ?? found[.energy] {
    result.add(
      .energy(perAtom: found[.energyPerAtom] != nil), table.column(0), table.column(1))
  }
  for (kind, unit) in [(DetailKind.virialPerAtom, "eV/atom"), (.virial, "eV"), (.stress, "eV/Å³")] {
    guard let table = found[kind] else { continue }
    let values = pairs(table, width: 9, rows: 0..<table.rowCount)
    result.add(.virial(unit), values.labels, values.predictions)
    break
  }
  if let table = found[.force] { try addForces(table, data, to: &result) }
  return result
}

/// The files of an evaluation whose names begin with `prefix`, which itself is no file: of energies
/// those per atom, of other outputs all of them.
func detailFiles(_ prefix: String) -> [String] {
  let energies = ["e_peratom", "f", "v_peratom"].map { "\(prefix).\($0).out" }
    .filter(FileManager.default.fileExists)
  if !energies.isEmpty { return energies }
  // NSString's parts of paths fail for a name of one letter.
  let cut = prefix.lastIndex(of: "/").map { prefix.index(after: $0) } ?? prefix.startIndex
  let folder = prefix[..<cut], start = prefix[cut...] + "."
  let names =
    (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : String(folder)))
    ?? []
  return names.filter { name in
    name.hasPrefix(start)
      && name.dropFirst(start.count)
        .wholeMatch(of: /((atomic|dos|ados|property)\.)?out(\.[0-9]+)*/) != nil
  }.sorted().map { folder + $0 }
}

/// The content of a detail file.
private enum DetailKind: Hashable {
  case energy, energyPerAtom, force, virial, virialPerAtom, stress
  case values(DetailValues)

  /// Finds the kind by the heading and, for energies and virials per atom, by the name of the file:
  /// their heading is that of the values per frame.
  init(_ table: NumberTable) throws {
    let heading = table.headings.first?.text ?? "", isPerAtom = table.path.contains("_peratom")
    let columns: Int
    if let values = DetailValues(heading) {
      (self, columns) = (.values(values), 2 * values.labelCount)
    } else if heading.contains("data_fx") {
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

/// What a detail file of another output than energies holds.
private struct DetailValues: Hashable {
  /// The name of the labels of frames, and how many numbers a row has of each.
  let name: String, width: Int
  /// Whether the values are those of atoms.
  let isOfAtoms: Bool
  /// Number of labels in a row.
  let labelCount: Int

  /// Finds out by a heading such as `data_x data_y data_z pred_x pred_y pred_z`; nil if it is one
  /// of energies.
  init?(_ heading: String) {
    let words = heading.split(separator: " ").filter { $0.hasPrefix("data_") }
    labelCount = words.count
    for output in [OutputDefinition.dipole, .polarizability] {
      let first = "data_\(output.components[0])"
      guard words.first.map({ [first, first + "1"].contains(String($0)) }) == true else { continue }
      (name, width, isOfAtoms) = (output.name, output.width, words[0] != first)
      return
    }
    switch words.first.map(String.init) {
    case "data_dos": (name, width, isOfAtoms) = ("dos", 1, false)
    case "data_ados": (name, width, isOfAtoms) = ("dos", 1, true)
    case "data_property": (name, width, isOfAtoms) = ("property", 1, false)
    default: return nil
    }
  }

  /// Adds all rows of `table`.
  func add(_ table: NumberTable, to result: inout Comparisons) {
    let output = OutputDefinition(ofLabel: name, width: width)
    let quantity = ComparedQuantity.values(of: output, ofAtoms: isOfAtoms)
    for row in 0..<table.rowCount {
      let start = row * 2 * labelCount, middle = start + labelCount
      let labels = table.values[start..<middle]
      let predictions = table.values[middle..<middle + labelCount]
      if width > 1 && !isOfAtoms {
        result.addFrame(of: output, labels, predictions)
      } else {
        result.add(quantity, labels, predictions)
      }
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
    let values = pairs(table, width: 3, rows: 0..<table.rowCount)
    return result.add(.force, values.labels, values.predictions)
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
        result.add(
          .force, part: elementName(type, system), table.values[start..<start + 3],
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
