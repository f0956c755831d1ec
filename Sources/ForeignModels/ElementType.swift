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

  /// The numbers in `bytes`; an incomplete last one is left out.
  func numbers(in bytes: ArraySlice<UInt8>) -> [Double] {
    switch self {
    case .float64: load(bytes, as: UInt64.self) { Double(bitPattern: $0) }
    case .float32: load(bytes, as: UInt32.self) { Double(Float(bitPattern: $0)) }
    case .float16: load(bytes, as: UInt16.self) { Self.half($0) }
    case .bfloat16:
      load(bytes, as: UInt16.self) { Double(Float(bitPattern: UInt32($0) << 16)) }
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

  /// The number in half precision with these `bits`; some processors have no type for it.
  static func half(_ bits: UInt16) -> Double {
    let exponent = Int(bits >> 10 & 31), fraction = Double(bits & 1023) / 1024
    let magnitude =
      exponent == 0
      ? fraction * 0x1p-14
      : exponent == 31
        ? (fraction == 0 ? Double.infinity : Double.nan)
        : Double(sign: .plus, exponent: exponent - 15, significand: 1 + fraction)
    return bits >> 15 == 0 ? magnitude : -magnitude
  }
}
