/// How the numbers of an array are stored; always little-endian.
enum ElementType {
  case float64, float32, float16, bfloat16, int64, int32, int16, int8, uint8, bool

  /// Bytes per number.
  var size: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .float16, .bfloat16, .int16: 2
    case .int8, .uint8, .bool: 1
    }
  }

  /// Throws if numbers of this type are not supported.
  func refuseHalf() throws {
    guard self != .float16, self != .bfloat16 else { throw Unreadable.halfPrecision }
  }

  /// The numbers in `bytes`, which are not of half precision; an incomplete last one is left out.
  func numbers(in bytes: ArraySlice<UInt8>) -> [Double] {
    switch self {
    case .float64: load(bytes, as: UInt64.self) { Double(bitPattern: $0) }
    case .float32: load(bytes, as: UInt32.self) { Double(Float(bitPattern: $0)) }
    case .float16, .bfloat16: preconditionFailure("refused before")
    case .int64: load(bytes, as: Int64.self) { Double($0) }
    case .int32: load(bytes, as: Int32.self) { Double($0) }
    case .int16: load(bytes, as: Int16.self) { Double($0) }
    case .int8: load(bytes, as: Int8.self) { Double($0) }
    case .uint8: load(bytes, as: UInt8.self) { Double($0) }
    case .bool: load(bytes, as: UInt8.self) { $0 == 0 ? 0 : 1 }
    }
  }

  private func load<Stored: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: ArraySlice<UInt8>, as: Stored.Type, _ number: (Stored) -> Double
  ) -> [Double] {
    bytes.withUnsafeBytes { raw in
      (0..<raw.count / size).map {
        number(Stored(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * size, as: Stored.self)))
      }
    }
  }
}
