import Atoms
import Diagnostics
import Files
import Foundation

/// A data file of this program, with an index of the places of all its numbers.
final class IndexedFile: Sendable {
  private let path: String
  private let bytes: FileBytes
  private let index: DataIndex

  /// Opens the file at `path`, in memory if `cache` allows; nil if it has no index.
  ///
  /// Throws `.missingInput`, `.io`, or `.data` if the file is damaged.
  init?(_ path: String, cache: inout DataCache) throws {
    self.path = path
    guard let place = try IndexPlace(fileAt: path) else { return nil }
    var memory: [UInt8]?
    if cache.take(place.fileSize) {
      let contents = try contents(ofFile: path)
      guard try SealedBytes.check(contents, at: path) else { return nil }
      memory = contents
    } else if try !SealedBytes.check(fileAt: path) {
      return nil
    }
    index = try DataIndex(try place.text(ofFileAt: path)[...], end: place.start, path: path)
    bytes = try FileBytes(path, memory: memory)
  }

  /// The systems in `group` (empty: the root); nil if the index has none there.
  func systems(in group: String) throws -> [OpenSystem]? {
    let found =
      group.isEmpty ? index.systems : index.systems(named: String(group.dropFirst()))
    return found.isEmpty ? nil : try found.map(opened)
  }

  private func opened(_ system: DataIndex.System) throws -> OpenSystem {
    var widths: [String: Int] = [:]
    for table in system.tables where !["coord", "box", "real_atom_types"].contains(table.name) {
      widths[table.name] = table.width
    }
    let types = try bytes.numbers(Int.self, at: system.typesOffset, count: system.atomCount)
    return OpenSystem(
      place: "\(path)#/\(system.name)", typeNames: system.typeNames, types: types,
      isMixed: system.table("real_atom_types") != nil, isPeriodic: system.isPeriodic,
      frameCount: system.frameCount, labelWidths: widths, knownDigest: system.digest,
      isInMemory: bytes.isInMemory, read: { try self.frames($0, of: system, types) })
  }

  /// Reads and checks frames of a system whose types, or placeholders for them, are given.
  private func frames(
    _ range: Range<Int>, of system: DataIndex.System, _ types: [Int]
  ) throws -> AtomicSystem {
    var values: [String: [Double]] = [:], frameTypes: [Int]?
    for table in system.tables {
      if table.name == "real_atom_types" {
        frameTypes = try rows(range, of: table)
      } else if LabelKind(named: table.name).isInteger {
        let integers: [Int] = try rows(range, of: table)
        values[table.name] = integers.map(Double.init)
      } else {
        values[table.name] = try rows(range, of: table)
      }
    }
    let positions = values.removeValue(forKey: "coord") ?? []
    let cells = values.removeValue(forKey: "box") ?? []
    let place = "\(path)#/\(system.name)"
    return try AtomicSystem(
      place: place, typeNames: system.typeNames, types: types, frameTypes: frameTypes,
      isPeriodic: system.isPeriodic, frameCount: range.count, positions: positions, cells: cells,
      labels: values
    ).validated { array, frame in
      let (set, row) = (range.lowerBound + frame).quotientAndRemainder(dividingBy: framesPerSet)
      return "\(place)/\(setName(set))/\(array).npy, frame \(row)"
    }
  }

  /// The rows of `range`, collected set by set.
  private func rows<Number: BitwiseCopyable>(
    _ range: Range<Int>, of table: DataIndex.Table
  ) throws -> [Number] {
    var result: [Number] = []
    for set in range.lowerBound / framesPerSet...(range.upperBound - 1) / framesPerSet {
      let part = range.clamped(to: set * framesPerSet..<(set + 1) * framesPerSet)
      let first = (part.lowerBound - set * framesPerSet) * table.width
      let numbers = try bytes.numbers(
        Number.self, at: table.offsets[set] + 8 * first, count: part.count * table.width)
      if part == range { return numbers }
      result += numbers
    }
    return result
  }
}

/// The place of the index in a file.
struct IndexPlace {
  /// The length of the file, and the offsets of the index's begin and end.
  let fileSize: Int, start: Int, end: Int

  /// The text behind an index of `length` bytes, by which the index is found from the end of the
  /// file.
  static func mark(length: Int) -> String {
    let digits = String(length)
    return "\(title)\(String(repeating: "0", count: 20 - digits.count))\(digits)\n"
  }

  private static let title = "deep-potential index of "

  /// Finds the index of the file at `path`; nil if there is none.  Throws `.missingInput` or `.io`.
  init?(fileAt path: String) throws {
    let file = try FileBytes(path), length = IndexPlace.mark(length: 0).utf8.count
    fileSize = try file.length
    end = fileSize - SealedBytes.length - length
    guard end > 0 else { return nil }
    let mark = decodedText(try file.bytes(end..<end + length))
    guard mark.hasPrefix(IndexPlace.title),
      let count = Int(mark.dropFirst(IndexPlace.title.count).dropLast()), count > 0, count < end
    else { return nil }
    start = end - count
  }

  /// The text of the index.  Throws `.missingInput` or `.io`.
  func text(ofFileAt path: String) throws -> [UInt8] {
    try FileBytes(path).bytes(start..<end)
  }
}
