import Atoms
import Diagnostics

/// One frame of an extended XYZ file.
struct ExtendedXYZFrame {
  /// The element of each atom.
  private(set) var species: [String] = []
  private(set) var positions: [Double] = []
  /// The cell vectors as rows; nil without periodicity.
  let cell: [Double]?
  /// Labels by DeePMD-kit's names.
  private(set) var labels: [String: [Double]] = [:]
  /// Where the frame is, for messages.
  let place: String

  /// Makes a frame of its header and its lines of atoms; `place` is for messages.
  init(
    _ header: ExtendedXYZHeader, atoms lines: ArraySlice<Substring.UTF8View>, place: String
  ) throws {
    self.place = place
    cell = try header.cell()
    let width = header.columns.reduce(0) { $0 + $1.count }
    for (atom, line) in lines.enumerated() {
      let words = words(line)
      let place = "\(place), atom \(atom)"
      guard words.count >= width else {
        throw ToolError(
          .data, at: place, "has \(words.count) columns, but Properties names \(width)")
      }
      try read(words, header.columns, place)
    }
    try readHeader(header)
  }

  private mutating func read(
    _ words: [Substring], _ columns: [ExtendedXYZHeader.Column], _ place: String
  ) throws {
    var start = 0
    for column in columns {
      let part = words[start..<start + column.count]
      start += column.count
      if column.name == "species" {
        species.append(String(part[part.startIndex]))
      } else if column.name == "pos" {
        positions += try numbers(part, at: place)
      } else if column.type == "R" || column.type == "I", let label = Self.label(column) {
        labels[label, default: []] += try numbers(part, at: place)
      }
    }
  }

  /// The label that a column holds; nil for what training has no use for.
  ///
  /// ASE calls forces `forces` and atom energies `energies`; some programs write `force`.
  private static func label(_ column: ExtendedXYZHeader.Column) -> String? {
    let name = ["forces": "force", "energies": "atom_ener"][column.name] ?? column.name
    let kind = LabelKind(named: name)
    guard kind.isPerAtom, let width = kind.width(atoms: 1) else {
      return kind.isPerAtom ? kind.name : nil
    }
    return width == column.count ? kind.name : nil
  }

  private mutating func readHeader(_ header: ExtendedXYZHeader) throws {
    if let energy = header.numbers("energy") ?? header.numbers("free_energy") {
      guard energy.count == 1 else { throw header.damaged("energy has \(energy.count) numbers") }
      labels["energy"] = energy
    }
    labels["virial"] = try virial(header)
    for kind in LabelKind.catalog where !kind.isPerAtom && labels[kind.name] == nil {
      guard let values = header.numbers(kind.name) else { continue }
      if let width = kind.width(atoms: species.count), width != values.count {
        throw header.damaged("\(kind.name) has \(values.count) numbers, expected \(width)")
      }
      labels[kind.name] = values
    }
  }

  /// The virial in eV, from `virial` or `stress`.
  ///
  /// ASE's stress is in eV/Å³ and positive under tension: virial = -stress × volume.
  private func virial(_ header: ExtendedXYZHeader) throws -> [Double]? {
    let virial = try matrix("virial", header)
    guard let stress = try matrix("stress", header), let cell, let cell = Cell(rows: cell) else {
      return virial
    }
    let derived = stress.map { -$0 * cell.volume }
    guard let virial else { return derived }
    let scale = max(1, virial.map(abs).max() ?? 0)
    guard zip(virial, derived).allSatisfy({ abs($0 - $1) <= 1e-3 * scale }) else {
      throw ToolError(
        .data, at: header.place, "virial and stress disagree: expected virial = -stress × volume",
        remedy: "keep the one that is right and remove the other")
    }
    return virial
  }

  /// Nine numbers row by row: ASE writes matrices column by column, and symmetric ones also as
  /// xx, yy, zz, yz, xz, xy.
  private func matrix(_ key: String, _ header: ExtendedXYZHeader) throws -> [Double]? {
    guard header.values[key] != nil else { return nil }
    guard let x = header.numbers(key), x.count == 9 || x.count == 6 else {
      throw header.damaged("\(key) is not nine or six numbers: \(header.values[key] ?? "")")
    }
    return x.count == 9
      ? [x[0], x[3], x[6], x[1], x[4], x[7], x[2], x[5], x[8]]
      : [x[0], x[5], x[4], x[5], x[1], x[3], x[4], x[3], x[2]]
  }
}
