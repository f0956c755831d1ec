import Atoms
import Diagnostics

/// Reads the frames of a text dump of LAMMPS: `dump custom` and `dump atom`.
///
/// Source: LAMMPS manual, command `dump`.
struct LAMMPSDump {
  private var lines: LAMMPSLines
  private var boxWords: [Substring] = []
  private var box: LAMMPSBox?
  private var atomCount: Int?
  private(set) var frames: [LAMMPSFrame] = []

  /// Reads all `lines`; adds to `reading` the facts that the user should hear.  Throws `ToolError`
  /// of kind `.data`.
  init(_ lines: LAMMPSLines, _ reading: inout LAMMPSReading) throws {
    self.lines = lines
    while let words = self.lines.words() {
      guard words.first == "ITEM:", words.count > 1 else {
        throw self.lines.damaged(
          "begins with '\(words[0].prefix(40))', expected 'ITEM: ...', the next frame")
      }
      try readItem(Array(words.dropFirst()), &reading)
    }
    guard atomCount == nil, box == nil, !frames.isEmpty else {
      throw ToolError(.data, at: lines.path, "ends before the atoms of frame \(frames.count)")
    }
  }

  private mutating func readItem(
    _ words: [Substring], _ reading: inout LAMMPSReading
  ) throws {
    switch words[0] {
    case "UNITS":
      let style = try lines.words(atLeast: 1, "a style of units")[0]
      try reading.declare(style: style, place: lines.place)
    case "TIME", "TIMESTEP": _ = try lines.words(atLeast: 1, "a number")
    case "NUMBER":
      let word = try lines.words(atLeast: 1, "the number of atoms")[0]
      atomCount = try lines.integer(word, "the number of atoms, 1 or more", least: 1)
    case "BOX":
      boxWords = Array(words.dropFirst(2))
      box = try readBox()
    case "ATOMS": frames.append(try readAtoms(Array(words.dropFirst()), &reading))
    default:
      throw lines.damaged(
        "holds '\(words.joined(separator: " ").prefix(40))', expected atoms",
        remedy: "give what 'dump custom' or 'dump atom' wrote")
    }
  }

  /// Reads the box from the next three lines.
  private mutating func readBox() throws -> LAMMPSBox {
    let isGeneral = boxWords.starts(with: ["abc", "origin"])
    let isTilted = boxWords.starts(with: ["xy", "xz", "yz"])
    boxWords.removeFirst(isGeneral ? 2 : isTilted ? 3 : 0)
    let count = isGeneral ? 4 : isTilted ? 3 : 2
    var rows: [[Double]] = []
    for _ in 0..<3 {
      let words = try lines.words(atLeast: count, "\(counted(count, "number")) of the box")
      rows.append(try lines.finite(words.prefix(count)))
      if !isGeneral && rows[rows.count - 1][0] >= rows[rows.count - 1][1] {
        throw lines.damaged("the box has no width: \(words.joined(separator: " "))")
      }
    }
    func column(_ index: Int) -> SIMD3<Double> {
      SIMD3(rows[0][index], rows[1][index], rows[2][index])
    }
    if isGeneral {
      let vectors = rows.map { SIMD3($0[0], $0[1], $0[2]) }
      return LAMMPSBox(origin: column(3), vectors[0], vectors[1], vectors[2])
    }
    let tilts = isTilted ? column(2) : SIMD3.zero
    let box = LAMMPSBox(lowBound: column(0), highBound: column(1), tilts: tilts)
    guard box.vectors.0.x > 0, box.vectors.1.y > 0 else {
      throw lines.damaged("the tilts do not fit into the bounds of the box")
    }
    return box
  }

  /// Whether the frame is periodic according to the flags of its box.
  private func isPeriodic(_ place: String, _ reading: inout LAMMPSReading) throws -> Bool {
    if boxWords.isEmpty {
      if !reading.options.isIsolated { reading.lacksBoundaries = true }
      return !reading.options.isIsolated
    }
    let periodic = boxWords.map { $0 == "pp" }
    let isKnown = boxWords.allSatisfy { $0 == "pp" || $0.allSatisfy("fsm".contains) }
    guard boxWords.count == 3, isKnown else {
      throw ToolError(
        .data, at: place,
        "has the boundaries '\(boxWords.joined(separator: " ").prefix(40))', expected pp pp pp")
    }
    guard Set(periodic).count == 1 else {
      throw ToolError(
        .data, at: place,
        "is periodic along some directions only (\(boxWords.joined(separator: " ")))",
        remedy: "models know all or none: write pp pp pp with enough vacuum, or ff ff ff")
    }
    return periodic[0]
  }

  private mutating func readAtoms(
    _ names: [Substring], _ reading: inout LAMMPSReading
  ) throws -> LAMMPSFrame {
    guard let box, let count = atomCount else {
      throw lines.damaged(
        "atoms before \(box == nil ? "ITEM: BOX BOUNDS" : "ITEM: NUMBER OF ATOMS")")
    }
    let place = "\(lines.path), frame \(frames.count) (line \(lines.lineNumber))"
    let columns = try LAMMPSColumns(names, in: lines)
    guard count <= lines.remaining else {
      throw ToolError(.data, at: place, "ends early, expected \(counted(count, "atom"))")
    }
    if reading.options.takesForces && columns.forces == nil {
      throw lines.damaged("has no fx, fy and fz", remedy: "leave --forces out")
    }
    reading.hasForces = reading.hasForces || reading.options.takesForces
    if columns.forces != nil && !reading.options.takesForces { reading.hasOtherForces = true }
    var atoms = LAMMPSAtoms(columns, box, takesForces: reading.options.takesForces)
    for _ in 0..<count { try atoms.read(&lines) }
    var frame = try atoms.frame(place)
    if try isPeriodic(place, &reading) { frame.cell = box.rows }
    atomCount = nil
    self.box = nil
    return frame.converted(from: reading.units)
  }
}
