import Atoms
import Diagnostics

/// A column, or several adjacent ones, of the table of atoms in extended XYZ.
struct ExtendedXYZColumn: Equatable {
  /// The meaning of a column.
  enum Meaning: Equatable {
    /// The element's symbol, or its number.
    case species
    /// The element's number.
    case number
    case position
    /// A label by DeePMD-kit's name.
    case label(String)
    /// Component 0, 1 or 2 of the force.
    case forceComponent(Int)
    case other
  }

  let name: String
  /// The type of its values: S(tring), R(eal), I(nteger) or L(ogical).
  let type: Character
  let count: Int
  /// The index of its first word in a line.
  let start: Int
  let meaning: Meaning

  /// The columns that `properties` lists, such as `species:S:1:pos:R:3:...`.
  ///
  /// Throws if the text is no such list, names a column twice, or lacks elements or positions.
  static func all(in properties: String, place: String) throws -> [ExtendedXYZColumn] {
    let damaged = ToolError(
      .data, at: place,
      "extended XYZ: Properties=\(short(properties)) found, expected a name, "
        + "S, R, I or L, and a number for each column, as in species:S:1:pos:R:3")
    let parts = properties.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count % 3 == 0 else { throw damaged }
    var columns: [ExtendedXYZColumn] = [], start = 0
    for i in stride(from: 0, to: parts.count, by: 3) {
      guard let type = parts[i + 1].uppercased().first, "SRIL".contains(type),
        parts[i + 1].count == 1, let count = Int(parts[i + 2]), (1...1 << 20).contains(count)
      else { throw damaged }
      columns.append(ExtendedXYZColumn(String(parts[i]), type, count, start))
      start += count
    }
    try check(columns, properties, place)
    return columns
  }

  private init(_ name: String, _ type: Character, _ count: Int, _ start: Int) {
    self.name = name
    self.type = type
    self.count = count
    self.start = start
    meaning = Self.meaning(of: name.lowercased(), type, count)
  }

  private static let elementNames = ["species", "symbols", "symbol", "element", "elements"]
  private static let numberNames = ["z", "numbers", "number", "atomic_numbers", "atomic_number"]

  private static func meaning(of name: String, _ type: Character, _ count: Int) -> Meaning {
    if elementNames.contains(name) && count == 1 { return type == "I" ? .number : .species }
    if numberNames.contains(name) && count == 1 { return .number }
    if ["pos", "positions", "position"].contains(name) { return .position }
    if let component = ["fx", "fy", "fz"].firstIndex(of: name), count == 1 {
      return .forceComponent(component)
    }
    guard type != "L", let label = LabelNames.label(named: name),
      LabelKind(named: label).isPerAtom, label != "stress"
    else { return .other }
    return .label(label)
  }

  private static func check(
    _ columns: [ExtendedXYZColumn], _ properties: String, _ place: String
  ) throws {
    func refuse(_ problem: String) -> ToolError {
      ToolError(.data, at: place, "extended XYZ: Properties=\(short(properties)) \(problem)")
    }
    if Set(columns.map(\.name)).count != columns.count { throw refuse("names a column twice") }
    guard columns.contains(where: { [.species, .number].contains($0.meaning) }) else {
      throw refuse("names no elements: expected species:S:1 or Z:I:1")
    }
    let positions = columns.filter { $0.meaning == .position }
    guard positions.count == 1, positions[0].count == 3, positions[0].type != "L" else {
      throw refuse("has no positions, or several: expected pos:R:3")
    }
  }
}
