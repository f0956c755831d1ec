import Atoms
import Diagnostics
import Files

/// One frame of an extended XYZ file, in eV and Å.
struct ExtendedXYZFrame {
  /// The element of each atom.
  private(set) var species: [String] = []
  private(set) var positions: [Double] = []
  /// The cell vectors as rows; nil without periodicity.
  private(set) var cell: [Double]?
  /// Labels by DeePMD-kit's names.
  var labels: [String: [Double]] = [:]
  /// The numbers of the label columns, by the columns' names.
  private(set) var columns: [String: [Double]] = [:]
  /// The errors of label columns that hold other text than numbers.
  private(set) var broken: [String: ToolError] = [:]
  /// The number of columns in the lines of atoms that the header does not name.
  private var surplus = 0
  /// The place of the frame, for messages.
  let place: String

  /// Reads a frame from its header and its lines of atoms; adds to `reading` the facts that the
  /// user should hear.
  init(
    _ header: ExtendedXYZHeader, atoms lines: ArraySlice<Substring.UTF8View>,
    _ reading: inout ExtendedXYZReading
  ) throws {
    place = header.place
    let units = try reading.units(header)
    let wanted = reading.columns(of: header)
    for (atom, line) in lines.enumerated() {
      let words = words(line)
      try read(words, header, wanted, "\(place), atom \(atom)")
    }
    if surplus > 0 { reading.noteSurplus(surplus, place) }
    try readCell(header, units, &reading)
    let length = units.factor(.length)
    if length != 1 { positions = positions.map { $0 * length } }
    try readLabels(header, wanted, units, &reading)
  }

  private mutating func read(
    _ words: [Substring], _ header: ExtendedXYZHeader, _ wanted: [ExtendedXYZReading.Column],
    _ place: String
  ) throws {
    let width = header.columns.last.map { $0.start + $0.count } ?? 0
    guard words.count >= width else {
      throw ToolError(
        .data, at: place, "has \(counted(words.count, "column")), but Properties names \(width)")
    }
    if words.count > width { surplus = max(surplus, words.count - width) }
    species.append(try header.element(words, place))
    let start = header.positionStart
    positions += try numbers(words[start..<start + 3], at: place)
    for column in wanted where broken[column.name] == nil {
      do {
        let part = words[column.start..<column.start + column.count]
        columns[column.name, default: []] += try numbers(part, at: place)
      } catch let error as ToolError {
        var named = error
        named.place += ", \(column.name)"
        broken[column.name] = named
      }
    }
  }

  private mutating func readCell(
    _ header: ExtendedXYZHeader, _ units: DataUnits, _ reading: inout ExtendedXYZReading
  ) throws {
    switch try header.statedCell() {
    case .rows(let rows): cell = rows.map { $0 * units.factor(.length) }
    case .isolated: break
    case .unstated:
      cell = reading.options.cell
      if cell != nil || reading.options.isIsolated { break }
      if let text = header.unreadCell {
        throw header.damaged(
          "'\(text)' seems to name a cell, but not as a value of a key",
          remedy: "write Lattice=\"...\" with nine numbers, or give dp-convert --cell or --no-pbc")
      }
      reading.framesWithoutCell += 1
    }
  }
}

extension ExtendedXYZHeader {
  /// The element of the atom whose line has these `words`.
  ///
  /// A number means an atomic number, except in files of LAMMPS, where it may be a type.  Throws if
  /// there is no element, or if symbol and number contradict each other.
  func element(_ words: [Substring], _ place: String) throws -> String {
    var found: String?
    for column in elementColumns {
      guard column.start < words.count else {
        throw ToolError(.data, at: place, "has no element")
      }
      let word = words[column.start]
      // Nearly all files have symbols, so this case is tried first.
      let isSymbol = column.meaning == .species && word.utf8.first.map { $0 > 57 } ?? false
      let element = isSymbol ? String(word) : try element(String(word), column, place)
      if let found, found != element, Elements.number(of: found) != nil {
        throw ToolError(.data, at: place, "is \(found) and \(element): the columns disagree")
      }
      found = found ?? element
    }
    return found ?? ""
  }

  private func element(
    _ word: String, _ column: ExtendedXYZColumn, _ place: String
  ) throws -> String {
    guard let number = Int(word) ?? number(word).flatMap({ Int(exactly: $0) }) else {
      if column.meaning == .species { return word }
      throw ToolError(
        .data, at: place, "'\(word)' found, expected the number of an element (\(column.name))")
    }
    if isLAMMPS {
      throw ToolError(
        .data, at: place, "has LAMMPS's type \(number), not an element",
        remedy: "write the file with dump_modify element, or give LAMMPS's dump custom file")
    }
    guard let symbol = Elements.symbol(ofNumber: number) else {
      throw ToolError(.data, at: place, "no element has the number \(number)")
    }
    return symbol
  }
}
