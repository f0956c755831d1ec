import Atoms
import Diagnostics

/// Reads the single frame of a LAMMPS data file, as for `read_data` or from `write_data`.
///
/// Source: LAMMPS manual, command `read_data`.
struct LAMMPSDataFile {
  private var lines: LAMMPSLines
  private let header: LAMMPSHeader
  private var typeNames: LAMMPSTypeNames
  private var atoms: [(id: Int, type: Int, position: SIMD3<Double>)]?
  private let isIsolated: Bool

  /// Reads all `lines`; adds to `reading` the facts that the user should hear.  Throws `ToolError`
  /// of kind `.data`.
  init(_ lines: LAMMPSLines, _ reading: inout LAMMPSReading) throws {
    self.lines = lines
    typeNames = LAMMPSTypeNames()
    isIsolated = reading.options.isIsolated
    let title = self.lines.line() ?? ""
    if let mark = title.firstRange(of: "units = ") {
      let style = title[mark.upperBound...].prefix { $0.isLetter }
      try reading.declare(style: style, place: self.lines.place)
    }
    header = try LAMMPSHeader(&self.lines)
    while let words = self.lines.words() { try readSection(words) }
  }

  /// The frame; records in `reading` how its elements were found.
  func frame(_ reading: inout LAMMPSReading) throws -> LAMMPSFrame {
    guard let atoms else {
      throw ToolError(.data, at: lines.path, "has no section Atoms")
    }
    var frame = LAMMPSFrame(place: lines.path)
    let sorted = atoms.sorted { $0.id < $1.id }
    for (one, next) in zip(sorted, sorted.dropFirst()) where one.id == next.id {
      throw ToolError(.data, at: lines.path, "has two atoms with the id \(one.id)")
    }
    frame.types = sorted.map(\.type)
    if let names = typeNames.names(of: Set(frame.types)) {
      frame.elements = frame.types.map { names.byType[$0] ?? "" }
      reading.elementsByMass = names.byMass
    }
    frame.positions = sorted.flatMap { [$0.position.x, $0.position.y, $0.position.z] }
    if !isIsolated { frame.cell = header.box.rows }
    return frame.converted(from: reading.units)
  }

  private mutating func readSection(_ words: [Substring]) throws {
    switch words.prefix(while: { $0 != "#" }).joined(separator: " ") {
    case "Masses": try typeNames.readMasses(&lines)
    case "Atom Type Labels": try typeNames.readLabels(&lines)
    case "Atoms":
      if atoms != nil { throw lines.damaged("a second section Atoms") }
      let mark = words.firstIndex(of: "#")
      try readAtoms(hint: mark.flatMap { words.dropFirst($0 + 1).first })
    default: break  // other sections are skipped
    }
  }

  private mutating func readAtoms(hint: Substring?) throws {
    guard header.atomCount <= lines.remaining else {
      throw lines.damaged("the file ends early, expected \(counted(header.atomCount, "atom"))")
    }
    var found: [(id: Int, type: Int, position: SIMD3<Double>)] = [], style: LAMMPSStyle?
    while found.count < header.atomCount {
      guard let words = lines.words(withComment: false) else {
        throw lines.damaged("the file ends early, expected \(counted(header.atomCount, "atom"))")
      }
      let known = try style ?? LAMMPSStyle(words, hint: hint, in: lines)
      style = known
      found.append(try atom(words, known))
    }
    atoms = found
  }

  private func atom(
    _ words: [Substring], _ style: LAMMPSStyle
  ) throws -> (id: Int, type: Int, position: SIMD3<Double>) {
    guard style.fits(words.count) else {
      throw lines.damaged(
        "has \(counted(words.count, "column")), expected \(style.position + 3) or, with image "
          + "flags, \(style.position + 6)")
    }
    let id = try lines.integer(words[0], "an atom's id")
    let word = words[style.type]
    let type =
      try typeNames.type(labeled: word) ?? lines.integer(word, "a type, 1 or more", least: 1)
    let place = try lines.finite(words[style.position..<style.position + 3])
    var position = SIMD3(place[0], place[1], place[2])
    // In a cell the image flags make no difference; without a cell they make molecules whole.
    if isIsolated && words.count == style.position + 6 {
      let images = try lines.finite(words.suffix(3))
      position += header.box.shift(SIMD3(images[0], images[1], images[2]))
    }
    return (id, type, position)
  }
}
