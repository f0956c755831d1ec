import Atoms

/// A number of 128 bits that identifies a frame: equal frames have equal ones, different frames
/// practically never.
struct FrameFingerprint: Hashable, Sendable, Codable {
  private var low: UInt64 = 0x9e37_79b9_7f4a_7c15, high: UInt64 = 0xc2b2_ae3d_27d4_eb4f

  /// Computes the fingerprint of the types, positions and cell of `frame`.
  init(_ frame: Frame) {
    for type in frame.types { add(UInt64(bitPattern: Int64(type))) }
    for position in frame.positions { for k in 0..<3 { add(position[k].bitPattern) } }
    for value in frame.cell?.rows ?? [] { add(value.bitPattern) }
  }

  /// Mixes in 64 bits; multiplications by odd numbers and folding spread each bit over both halves.
  private mutating func add(_ bits: UInt64) {
    low = (low ^ bits) &* 0xff51_afd7_ed55_8ccd
    low ^= low >> 32
    high = (high ^ low &+ bits) &* 0xc4ce_b9fe_1a85_ec53
    high ^= high >> 29
  }
}
