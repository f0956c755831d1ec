/// A message in protocol buffers, to which fields are added in their order.
///
/// Source: "Encoding" in the documentation of protocol buffers.
public struct ProtobufMessage {
  /// The message so far.
  public private(set) var bytes: [UInt8] = []

  /// An empty message.
  public init() {}

  /// Adds an integer or the number of an enumeration.
  public mutating func add(_ number: Int, _ value: Int) {
    addKey(number, wireType: 0)
    addVariableLength(UInt64(bitPattern: Int64(value)))
  }

  /// Adds a number in double precision.
  public mutating func add(_ number: Int, _ value: Double) {
    addKey(number, wireType: 1)
    addFixedLength(value.bitPattern)
  }

  /// Adds a number in single precision.
  public mutating func add(_ number: Int, _ value: Float) {
    addKey(number, wireType: 5)
    addFixedLength(value.bitPattern)
  }

  /// Adds a text.
  public mutating func add(_ number: Int, _ value: String) { add(number, Array(value.utf8)) }

  /// Adds a message.
  public mutating func add(_ number: Int, _ value: ProtobufMessage) { add(number, value.bytes) }

  /// Adds bytes.
  public mutating func add(_ number: Int, _ value: [UInt8]) {
    addKey(number, wireType: 2)
    addVariableLength(UInt64(value.count))
    bytes += value
  }

  private mutating func addKey(_ number: Int, wireType: UInt64) {
    addVariableLength(UInt64(number) << 3 | wireType)
  }

  private mutating func addVariableLength(_ integer: UInt64) {
    var rest = integer
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func addFixedLength<Bits: FixedWidthInteger>(_ bits: Bits) {
    for shift in stride(from: 0, to: Bits.bitWidth, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: bits >> Bits(shift)))
    }
  }
}
