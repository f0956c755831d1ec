/// A checksum of 32 bits: a cyclic redundancy check with the bits of bytes in reverse order.
package struct CRC32: Sendable {
  /// The checksum of the entries of zip archives.  Source: RFC 1952, section 8.
  package static let zip = CRC32(polynomial: 0xedb8_8320)
  /// The checksum of TensorFlow's record files, with the Castagnoli polynomial.
  ///
  /// Source: RFC 3720, section 12.1 and appendix B.4 (test vectors).
  package static let castagnoli = CRC32(polynomial: 0x82f6_3b78)

  /// The effect of each byte on the checksum: the remainder of the byte.
  private let table: [UInt32]

  private init(polynomial: UInt32) {
    table = (0..<256).map { byte in
      (0..<8).reduce(UInt32(byte)) { rest, _ in rest & 1 == 0 ? rest >> 1 : rest >> 1 ^ polynomial }
    }
  }

  /// The checksum of `bytes`.
  package func of(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.withUnsafeBytes { bytes in
      table.withUnsafeBufferPointer { table in
        ~bytes.reduce(~0) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
      }
    }
  }
}
