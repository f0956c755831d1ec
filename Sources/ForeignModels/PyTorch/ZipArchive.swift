import Files

/// A zip archive in memory, whose entries are stored without compression, as PyTorch does.
///
/// Source: PKWARE, "APPNOTE.TXT - .ZIP File Format Specification".
struct ZipArchive {
  private struct Entry {
    let offset: Int
    let size: Int
    let checksum: UInt32
    let isStored: Bool
  }
  private let bytes: [UInt8]
  private let checksSums: Bool
  private var entries: [String: Entry] = [:]

  /// The names of the entries.
  var names: [String] { entries.keys.sorted() }

  /// Reads the directory at the end of `bytes`; `checksSums` tells whether wrong checksums of
  /// entries are errors.
  init(_ bytes: [UInt8], checksSums: Bool = true) throws {
    (self.bytes, self.checksSums) = (bytes, checksSums)
    guard let end = Self.endRecord(of: bytes) else {
      throw Unreadable("is a damaged zip archive: it has no directory at its end")
    }
    var count = number(at: end + 10, 2), place = number(at: end + 16, 4)
    if place == 0xffff_ffff || count == 0xffff {
      (count, place) = try wideDirectory(before: end)
    }
    for _ in 0..<count {
      guard place >= 0, place + 46 <= bytes.count, number(at: place, 4) == 0x0201_4b50 else {
        throw Unreadable("is a damaged zip archive: its directory is incomplete")
      }
      place = try readEntry(at: place)
    }
  }

  /// The place of the record that ends the directory.
  private static func endRecord(of bytes: [UInt8]) -> Int? {
    guard bytes.count >= 22 else { return nil }
    let first = max(0, bytes.count - 22 - 0xffff)
    return (first...bytes.count - 22).last {
      bytes[$0] == 0x50 && bytes[$0 + 1] == 0x4b && bytes[$0 + 2] == 5 && bytes[$0 + 3] == 6
    }
  }

  /// Number of entries and place of the directory in an archive of the wide form.
  private func wideDirectory(before end: Int) throws -> (count: Int, place: Int) {
    let record = end >= 20 ? number(at: end - 20 + 8, 8) : -1
    guard record >= 0, record <= bytes.count - 56, number(at: record, 4) == 0x0606_4b50 else {
      throw Unreadable("is a damaged zip archive: the end of its directory is wrong")
    }
    let count = number(at: record + 32, 8), place = number(at: record + 48, 8)
    guard (0...bytes.count / 46).contains(count), (0..<bytes.count).contains(place) else {
      throw Unreadable("is a damaged zip archive: the end of its directory is wrong")
    }
    return (count, place)
  }

  /// Reads the entry of the directory at `place`; gives the place of the next one.
  private mutating func readEntry(at place: Int) throws -> Int {
    let lengths = [28, 30, 32].map { number(at: place + $0, 2) }
    let end = place + 46 + lengths.reduce(0, +)
    guard end <= bytes.count else {
      throw Unreadable("is a damaged zip archive: its directory is incomplete")
    }
    let name = String(decoding: bytes[place + 46..<place + 46 + lengths[0]], as: UTF8.self)
    let size = number(at: place + 24, 4), offset = number(at: place + 42, 4)
    guard size <= bytes.count, offset <= bytes.count - 30 else {
      throw Unreadable("is a damaged zip archive: \(name) claims more bytes than the file has")
    }
    entries[name] = Entry(
      offset: offset, size: size, checksum: UInt32(number(at: place + 16, 4)),
      isStored: number(at: place + 10, 2) == 0 && number(at: place + 20, 4) == size)
    return end
  }

  /// The content of the entry `name`, whose checksum is right; nil if there is no such entry.
  func content(_ name: String) throws -> ArraySlice<UInt8>? {
    guard let entry = entries[name] else { return nil }
    guard entry.isStored else {
      throw Unreadable("is a zip archive with compressed entries, which PyTorch does not write")
    }
    let start =
      entry.offset + 30 + number(at: entry.offset + 26, 2) + number(at: entry.offset + 28, 2)
    guard number(at: entry.offset, 4) == 0x0403_4b50, start <= bytes.count - entry.size else {
      throw Unreadable("is a damaged zip archive: \(name) is not where the directory says")
    }
    let content = bytes[start..<start + entry.size]
    guard !checksSums || CRC32.zip.of(content) == entry.checksum else {
      throw Unreadable(
        "is damaged: the checksum of \(name) is wrong", remedy: "take another copy of the file")
    }
    return content
  }

  /// The integer of `count` bytes at `place`; -1 if it is too large for a place.
  private func number(at place: Int, _ count: Int) -> Int {
    let value = bytes[place..<place + count].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int(exactly: value) ?? -1
  }
}
