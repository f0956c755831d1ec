import Files

/// The records of TensorFlow's TFRecord files, one after the other.
///
/// A record is its length (8 bytes, little endian), the masked checksum of these 8 bytes (4 bytes),
/// its bytes, and their masked checksum (4 bytes).
/// Source: TensorFlow's `record_writer.cc`.
enum Records {
  /// The bytes of a record in a file.
  static func framed(_ record: [UInt8]) -> [UInt8] {
    let length = littleEndian(UInt64(record.count))
    return length + littleEndian(masked(length[...])) + record
      + littleEndian(masked(record[...]))
  }

  /// The records at the beginning of `file`, up to the first incomplete or damaged one, and the
  /// offset of each record's end.
  static func whole(in file: [UInt8]) -> [(record: ArraySlice<UInt8>, end: Int)] {
    var found: [(record: ArraySlice<UInt8>, end: Int)] = [], at = 0
    while file.count - at >= 16 {
      let length = file[at..<at + 8]
      let count = number(length)
      guard number(file[at + 8..<at + 12]) == UInt64(masked(length)),
        count <= UInt64(file.count - at - 16)
      else { break }
      let record = file[at + 12..<at + 12 + Int(count)]
      guard number(file[record.endIndex..<record.endIndex + 4]) == UInt64(masked(record))
      else { break }
      at = record.endIndex + 4
      found.append((record, at))
    }
    return found
  }

  /// The checksum rotated and shifted by a constant, so that checksums of data that contain
  /// checksums remain useful.
  ///
  /// Source: TensorFlow's `crc32c::Mask`.
  private static func masked(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    let sum = CRC32.castagnoli.of(bytes)
    return (sum >> 15 | sum << 17) &+ 0xa282_ead8
  }

  private static func littleEndian<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
    (0..<Value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
