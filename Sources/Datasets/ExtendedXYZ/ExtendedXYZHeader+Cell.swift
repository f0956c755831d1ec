import Atoms
import Diagnostics

/// The cell that a frame's header states.
enum StatedCell: Equatable {
  /// The cell vectors as rows, in the file's unit of length.
  case rows([Double])
  /// The header says that there is no cell.
  case isolated
  /// The header says nothing about a cell.
  case unstated
}

extension ExtendedXYZHeader {
  /// The cell that the line states by `Lattice`, or a key of the same meaning, and `pbc`.
  ///
  /// Periodicity along some directions only is an error, because the models know all directions or
  /// none.  A key that names a cell but has no such value is an error too.
  func statedCell() throws -> StatedCell {
    let pbc = try item("pbc"), flags = try pbc.map(flags)
    if flags == [false, false, false] { return .isolated }
    if let pbc, flags != [true, true, true] {
      throw ToolError(
        .data, at: place,
        "is periodic along some directions only (\(pbc.key)=\(short(pbc.value)))",
        remedy: "models know all or none: set pbc to \"T T T\" with enough vacuum, or to \"F F F\"")
    }
    if let rows = try latticeRows() { return .rows(rows) }
    if let pbc { throw damaged("\(pbc.key)=\(short(pbc.value)) without Lattice") }
    return .unstated
  }

  /// Three truth values; a single one stands for all directions, as in ASE.
  private func flags(_ pbc: HeaderItem) throws -> [Bool] {
    let words = (pbc.value ?? "").split { "[]{}, \t".contains($0) }
    let flags = words.compactMap { flag($0) }
    guard flags.count == words.count, flags.count == 3 || flags.count == 1 else {
      throw damaged("\(pbc.key)=\(short(pbc.value)) found, expected three of T and F")
    }
    return flags.count == 1 ? [flags[0], flags[0], flags[0]] : flags
  }

  /// The cell vectors of the key that names the cell, `Lattice` before the others; nil if there is
  /// none.
  private func latticeRows() throws -> [Double]? {
    let lattice = try item("lattice")
    let others = try Self.cellKeys.compactMap { try item($0) }
    if let lattice {
      let rows = try rows(of: lattice, counts: [9])
      for other in others {
        guard let second = try? self.rows(of: other, counts: [3, 6, 9]) else { continue }
        if !nearlyEqual(rows, second) {
          throw damaged("\(lattice.key) and \(other.key) name different cells")
        }
      }
      return rows
    }
    guard let cell = others.first else { return nil }
    return try rows(of: cell, counts: cell.key.lowercased() == "box" ? [3, 9] : [3, 6, 9])
  }

  /// The keys that other programs use instead of `Lattice`.
  private static let cellKeys = [
    "cell", "unitcell", "unit_cell", "cell_vectors", "lattice_vectors", "cellpar",
    "cell_parameters",
    "box", "lattice_matrix", "cell_matrix", "simulation_cell",
  ]

  private func rows(of item: HeaderItem, counts: Set<Int>) throws -> [Double] {
    let wanted =
      counts == [9]
      ? "nine numbers, the three vectors one after the other"
      : "nine numbers, three lengths, or three lengths and three angles"
    guard let value = item.value, let found = HeaderNumbers(value),
      counts.contains(found.values.count), found.rows ?? 3 == 3 || found.rows == 1,
      found.rows != 3 || found.values.count == 9
    else { throw damaged("\(item.key)=\(short(item.value)) found, expected \(wanted)") }
    if found.values.count == 9 { return found.values }
    guard let cell = Cell(numbers: found.values) else {
      throw damaged("\(item.key)=\(short(item.value)) is no cell: expected \(wanted)")
    }
    return cell.rows
  }

  /// Words that name a cell without `=` or within quotes, which cannot be told from a comment; nil
  /// if there are none.
  ///
  /// Examples are `Lattice "6 0 0 ..."`, `cell: 10 10 10`, and i-PI's
  /// `CELL(abcABC): 10 10 10 90 90 90`.
  var unreadCell: String? {
    for (index, item) in items.enumerated() where item.value == nil {
      let word = item.key.lowercased().prefix { $0 != ":" && $0 != "(" && $0 != "[" }
      let following = items[(index + 1)...].prefix(9)
      guard (["lattice"] + Self.cellKeys).contains(String(word)) else { continue }
      let numbers = following.prefix { $0.value == nil && HeaderNumbers($0.key) != nil }
      let count = numbers.reduce(0) { $0 + (HeaderNumbers($1.key)?.values.count ?? 0) }
      if count >= 3 {
        return ([item.key] + numbers.map(\.key)).joined(separator: " ")
      }
    }
    return hidden(["lattice"] + Self.cellKeys, inValues: true)
  }

  /// Whether LAMMPS's `dump xyz` wrote the line; then types stand in place of elements.
  var isLAMMPS: Bool { line.drop { $0.isWhitespace }.hasPrefix("Atoms. Timestep:") }
}
