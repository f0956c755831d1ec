import Diagnostics
import Files
import Kernels

extension PairTable {
  /// Reads the table at `path` for the types of `typeMap` and a `cutoff` in Å.
  ///
  /// A line has a distance in Å and the energies in eV of the pairs of types 0-0, 0-1, ..., 1-1,
  /// ... at this distance; the distances are equally far apart, and text from `#` on is a comment.
  /// What happens at the end of the table is posted as a notice.  Throws `.missingInput` if the
  /// file cannot be read, and `.data` with the line of what is wrong.
  /// Source: DeePMD-kit's `PairTab`.
  public init(contentsOf path: String, typeMap: [String], cutoff: Double) throws {
    let rows = try Self.rows(of: contents(ofFile: path), typeMap: typeMap, path: path)
    try Self.requireEqualSteps(rows, path: path)
    guard rows[0].numbers[0] < cutoff else {
      throw ToolError(
        .data, at: path,
        "begins at \(rows[0].numbers[0]) Å, but the cutoff (rcut) is \(cutoff) Å",
        remedy: "begin the table near 0, where no atoms come")
    }
    let numbers = rows.map(\.numbers)
    switch Self.ending(of: numbers, cutoff: cutoff) {
    case .zero: break
    case .cut:
      Notices.post(
        "\(path): is not zero at the cutoff (rcut), \(cutoff) Å: energies jump where atoms pass it")
    case .continued:
      Notices.post(
        "\(path): ends at \(numbers[numbers.count - 1][0]) Å with energies that are not zero; up to "
          + "the cutoff (rcut), \(cutoff) Å, they are continued by a cubic polynomial")
    }
    guard let table = PairTable(numbers, cutoff: cutoff) else {
      throw ToolError(.data, at: path, "is no table of distances and energies")
    }
    self = table
  }

  /// A row of the file and its line, from 1 on.
  private struct Row {
    let line: Int, numbers: [Double]
  }

  private static func rows(of bytes: [UInt8], typeMap: [String], path: String) throws -> [Row] {
    let width = 1 + pairCount(typeMap.count)
    let lines = decodedText(bytes).utf8.split(separator: 10, omittingEmptySubsequences: false)
    let rows = try lines.enumerated().compactMap { index, line -> Row? in
      try requireOrder(in: line.drop { $0 != UInt8(ascii: "#") }, typeMap, path)
      let words = Files.words(line.prefix { $0 != UInt8(ascii: "#") })
      if words.isEmpty { return nil }
      let place = "\(path), line \(index + 1)"
      guard words.count == width else {
        throw ToolError(
          .data, at: place,
          "has \(counted(words.count, "column")), expected \(width): a distance, and an energy for "
            + "each pair of the types \(typeMap.joined(separator: ", "))",
          remedy: "columns are for the pairs \(names(of: typeMap).joined(separator: ", "))")
      }
      let numbers = try Files.numbers(words, at: place)
      guard numbers.allSatisfy(\.isFinite) else {
        throw ToolError(.data, at: place, "has a number that is not finite")
      }
      return Row(line: index + 1, numbers: numbers)
    }
    guard rows.count > 1 else {
      throw ToolError(
        .data, at: path, "has \(counted(rows.count, "row")), expected two or more",
        remedy: "a table has a row for each of many distances")
    }
    return rows
  }

  /// Throws if a comment names all pairs of types, as that of `dp-synth --zbl` does, in another
  /// order.
  private static func requireOrder(
    in comment: some Sequence<UInt8>, _ typeMap: [String], _ path: String
  ) throws {
    let words = String(decoding: Array(comment), as: UTF8.self).split(
      whereSeparator: \.isWhitespace)
    let named = words.filter { word in
      let types = word.split(separator: "-").map(String.init)
      return types.count == 2 && types.allSatisfy(typeMap.contains)
    }.map(String.init)
    let expected = names(of: typeMap)
    guard named.count == expected.count, named != expected else { return }
    throw ToolError(
      .data, at: path,
      "has columns for \(named.joined(separator: ", ")), but with this type_map they are for "
        + expected.joined(separator: ", "),
      remedy: "make the table for the types \(typeMap.joined(separator: ",")) in this order")
  }

  /// The names of the pairs of types, in the order of columns: O-O, O-H, H-H.
  package static func names(of typeMap: [String]) -> [String] {
    typeMap.indices.flatMap { a in typeMap[a...].map { "\(typeMap[a])-\($0)" } }
  }

  /// Throws unless the distances are those that the first two give, to a hundredth of a step.
  private static func requireEqualSteps(_ rows: [Row], path: String) throws {
    let first = rows[0].numbers[0], step = rows[1].numbers[0] - first
    guard first >= 0 else {
      throw ToolError(
        .data, at: "\(path), line \(rows[0].line)", "has the distance \(first) Å, below 0")
    }
    for (number, row) in rows.enumerated() {
      let expected = first + Double(number) * step
      if step > 0, abs(row.numbers[0] - expected) <= 0.01 * step { continue }
      throw ToolError(
        .data, at: "\(path), line \(row.line)",
        step > 0
          ? "has the distance \(row.numbers[0]) Å, expected \(expected): the first two rows are "
            + "\(step) Å apart" : "has the distance \(row.numbers[0]) Å, not above that before it",
        remedy: "make rows at equal distances, with enough digits")
    }
  }
}
