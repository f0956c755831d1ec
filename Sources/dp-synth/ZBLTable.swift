import ArgumentParser
import Atoms
import Diagnostics
import Files
import Foundation
import Synthesis
import Toolkit

/// The options for a table of the repulsion of atoms at short range, for `use_srtab`.
struct ZBLTable: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write a table of pair energies at short range (ZBL), for use_srtab.", valueName: "file"))
  var zbl: String?
  @Option(
    help: ArgumentHelp(
      "With --zbl, the elements in the order of the type_map: O,H.", valueName: "names"))
  var types: String?
  @Option(help: ArgumentHelp("With --zbl, Å up to which the energies are whole.", valueName: "r"))
  var inner = 1.0
  @Option(help: ArgumentHelp("With --zbl, Å from which on they are zero.", valueName: "r"))
  var outer = 2.0
  @Option(help: ArgumentHelp("With --zbl, Å between two rows.", valueName: "dr"))
  var spacing = 0.005

  /// The elements that were named.
  private var names: [String] {
    (types ?? "").split(whereSeparator: { ", ".contains($0) }).map(String.init)
  }

  func validate() throws {
    guard zbl != nil else {
      if types != nil { throw ValidationError("'--types' needs '--zbl', which names the table.") }
      return
    }
    if names.isEmpty {
      throw ValidationError("'--zbl' needs '--types', the elements of the type_map: --types O,H.")
    }
    guard spacing > 0, outer.isFinite, inner >= 0, inner < outer, spacing <= outer / 10 else {
      throw ValidationError(
        "'--inner \(inner) --outer \(outer) --spacing \(spacing)': expected distances of 0 or more, "
          + "--inner below --outer, and --spacing at most a tenth of that.")
    }
    if outer / spacing > 100_000 {
      throw ValidationError("'--spacing \(spacing)' makes more than 100000 rows.")
    }
  }

  /// Writes the table, in place of a file that is there if `replacing`.
  ///
  /// Throws `.usage` for a name that is no element, `.cannotCreate` for a file that is there, and
  /// the errors of writing.
  func write(_ console: Console, replacing: Bool) throws {
    guard let path = zbl else { return }
    if !replacing && FileManager.default.fileExists(atPath: path) {
      throw ToolError(
        .cannotCreate, at: path, "exists already",
        remedy: "give the name of a new file, or replace this one with --force")
    }
    let numbers = try names.map { name in
      guard let number = Elements.number(of: name), number > 0 else {
        throw ToolError(
          .usage, at: "--types", "'\(name)' is no element, so it has no number of protons",
          remedy: "give the symbols of elements")
      }
      return number
    }
    let table = RepulsionTable(numbers: numbers, inner: inner, outer: outer, spacing: spacing)
    let pairs = names.indices.flatMap { a in names[a...].map { "\(names[a])-\($0)" } }
    var text = NumberText()
    text.append(
      "# ZBL: whole up to \(inner) Å, zero from \(outer) Å on; r in Å, energies in eV of "
        + pairs.joined(separator: " ") + "\n")
    for row in table.rows { text.appendRow(row) }
    try writeWhole(text.bytes, to: path)
    console.say(
      "\(path): \(counted(table.rows.count, "row")), \(counted(pairs.count, "pair")) of types")
  }
}
