/// The checksum of bytes with the Castagnoli polynomial, as in TensorFlow's record files.
///
/// Source: RFC 3720, section 12.1 and appendix B.4 (test vectors).
struct CRC32C {
  /// The effect of each byte on the checksum: the remainder of the byte, with bits in reverse
  /// order.
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { rest, _ in rest & 1 == 0 ? rest >> 1 : rest >> 1 ^ 0x82f6_3b78 }
  }

  /// The checksum.
  static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
  }

  /// The checksum rotated and shifted by a constant, so that checksums of data that contain
  /// checksums remain useful.
  ///
  /// Source: TensorFlow's `crc32c::Mask`.
  static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let sum = of(bytes)
    return (sum >> 15 | sum << 17) &+ 0xa282_ead8
  }
}
