/// The checksum of bytes with the Castagnoli polynomial, as TensorFlow's record files have it.
///
/// Source: RFC 3720, section 12.1 and appendix B.4 (test vectors).
struct CRC32C {
  /// What a byte does to the checksum: the remainder of the byte, bits reflected.
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { rest, _ in rest & 1 == 0 ? rest >> 1 : rest >> 1 ^ 0x82f6_3b78 }
  }

  /// The checksum.
  static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
  }

  /// The checksum turned and moved, so that one of bytes that hold checksums still tells something.
  ///
  /// Source: TensorFlow's `crc32c::Mask`.
  static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let sum = of(bytes)
    return (sum >> 15 | sum << 17) &+ 0xa282_ead8
  }
}
