import Atoms
import Diagnostics
import Files

/// The places of all numbers in a data file written by this program; with them any frame can be
/// read alone and without HDF5.
///
/// The index stands between the HDF5 file and its seal, which covers both; other programs do not
/// see it.
/// Source: docs/FORMATS.md, "Index".
struct DataIndex {
  /// An array of a system, one row per frame.
  struct Table {
    /// `coord`, `box`, `real_atom_types` or a label.
    let name: String
    /// The number of numbers per frame.
    let width: Int
    /// The offset of each set in the file.
    var offsets: [Int]
  }

  /// One system of the file.
  struct System {
    /// The name of its group, without the slash.
    let name: String
    /// The digest of its content.
    let digest: String
    let frameCount: Int, isPeriodic: Bool
    let typeNames: [String]?
    /// The number of atoms, and the offset of their types in the file.
    let atomCount: Int, typesOffset: Int
    var tables: [Table] = []
  }

  private static let format = "deep-potential index 1"

  /// The systems in the order of their names.
  private(set) var systems: [System]

  /// Makes an index of `systems`.
  init(_ systems: [System]) {
    self.systems = systems.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// The system called `name`, in a list of one or none.
  func systems(named name: String) -> [System] {
    var low = 0, high = systems.count
    while low < high {
      let middle = (low + high) / 2
      if systems[middle].name.utf8.lexicographicallyPrecedes(name.utf8) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low < systems.count && systems[low].name == name ? [systems[low]] : []
  }

  /// The index as text: a line of JSON with the type maps, then a line for each system.
  var text: String {
    var numbers: [[String]: Int] = [:], maps: [[String]] = []
    var lines: [JSONValue] = []
    for system in systems {
      var map = JSONValue.null
      if let names = system.typeNames {
        let number = numbers[names] ?? maps.count
        if number == maps.count { maps.append(names) }
        numbers[names] = number
        map = .integer(number)
      }
      let tables = system.tables.map { table in
        JSONValue.array(
          [.string(table.name), .integer(table.width)] + table.offsets.map(JSONValue.integer))
      }
      lines.append(
        .array(
          [
            .string(system.name), .string(system.digest), .integer(system.frameCount),
            .bool(system.isPeriodic), map, .integer(system.atomCount),
            .integer(system.typesOffset),
          ] + tables))
    }
    let head = JSONValue.object([
      "format": .string(Self.format), "frames_per_set": .integer(framesPerSet),
      "type_maps": .array(maps.map { .array($0.map(JSONValue.string)) }),
    ])
    return ([head] + lines).map { $0.serialized + "\n" }.joined()
  }

  /// Reads `text` from the file at `path`, whose numbers end at the offset `end`.
  ///
  /// Throws `.data` if the text is no index, or if it points beyond `end`.
  init(_ text: ArraySlice<UInt8>, end: Int, path: String) throws {
    let damaged = ToolError(
      .data, at: path, "has an index that this program cannot read",
      remedy: "make the file again with dp-convert")
    let lines = text.split(separator: UInt8(ascii: "\n"))
    guard let first = lines.first, case let head = try JSONValue(parsing: first, at: path),
      head["format"] == .string(Self.format),
      head["frames_per_set"] == .integer(framesPerSet),
      let maps = head["type_maps"].flatMap(ValueKind.text.list("").list("").take)
    else { throw damaged }
    systems = []
    systems.reserveCapacity(lines.count)
    for line in lines.dropFirst() {
      guard case .array(let values) = try JSONValue(parsing: line, at: path),
        let system = System(values, typeMaps: maps, end: end)
      else { throw damaged }
      systems.append(system)
    }
  }
}

extension DataIndex.System {
  /// Reads the line of a system; nil if it is not one or points beyond `end`.
  fileprivate init?(_ values: [JSONValue], typeMaps: [[String]], end: Int) {
    guard values.count > 7, case .string(let name) = values[0],
      case .string(let digest) = values[1], case .integer(let frameCount) = values[2],
      case .bool(let isPeriodic) = values[3], case .integer(let atomCount) = values[5],
      case .integer(let typesOffset) = values[6], frameCount > 0, atomCount > 0,
      isInside(typesOffset, rows: atomCount, width: 1, end: end)
    else { return nil }
    self.init(
      name: name, digest: digest, frameCount: frameCount, isPeriodic: isPeriodic,
      typeNames: values[4].integer.flatMap { typeMaps.indices.contains($0) ? typeMaps[$0] : nil },
      atomCount: atomCount, typesOffset: typesOffset)
    let sets = (frameCount + framesPerSet - 1) / framesPerSet
    for value in values.dropFirst(7) {
      guard case .array(let row) = value, row.count == sets + 2, case .string(let name) = row[0],
        let width = row[1].integer, width > 0
      else { return nil }
      let offsets = row.dropFirst(2).compactMap(\.integer)
      guard offsets.count == sets,
        offsets.enumerated().allSatisfy({ set, offset in
          let rows = min(framesPerSet, frameCount - set * framesPerSet)
          return isInside(offset, rows: rows, width: width, end: end)
        })
      else { return nil }
      tables.append(DataIndex.Table(name: name, width: width, offsets: offsets))
    }
    guard table("coord")?.width == 3 * atomCount, !isPeriodic || table("box")?.width == 9,
      table("real_atom_types").map({ $0.width == atomCount }) ?? true
    else { return nil }
  }

  /// Adds the next set of the array `name`.
  mutating func add(_ name: String, width: Int, offset: Int) {
    if let place = tables.firstIndex(where: { $0.name == name }) {
      tables[place].offsets.append(offset)
    } else {
      tables.append(DataIndex.Table(name: name, width: width, offsets: [offset]))
    }
  }

  /// The array `name`.
  func table(_ name: String) -> DataIndex.Table? { tables.first { $0.name == name } }
}

/// Whether `rows` times `width` numbers at `offset` end before `end`.
private func isInside(_ offset: Int, rows: Int, width: Int, end: Int) -> Bool {
  let (count, overflows) = rows.multipliedReportingOverflow(by: width)
  return offset >= 0 && offset <= end && !overflows && count <= (end - offset) / 8
}

extension JSONValue {
  /// The value as a whole number; nil if it is none.
  fileprivate var integer: Int? {
    if case .integer(let value) = self { value } else { nil }
  }
}
