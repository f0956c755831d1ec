/// The checksum of the entries of zip archives.
///
/// Source: RFC 1952, section 8.
enum CRC32 {
  /// The effect of each byte on the checksum: the remainder of the byte, with bits in reverse
  /// order.
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { rest, _ in rest & 1 == 0 ? rest >> 1 : rest >> 1 ^ 0xedb8_8320 }
  }

  /// The checksum of `bytes`.
  static func of(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.withUnsafeBytes { bytes in
      table.withUnsafeBufferPointer { table in
        ~bytes.reduce(~0) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
      }
    }
  }
}
