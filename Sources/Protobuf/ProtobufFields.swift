/// The value of a field of a message in protocol buffers, as it is encoded.
public enum ProtobufValue: Equatable, Sendable {
  /// An integer, a truth value or the number of an enumeration.
  case integer(UInt64)
  /// The bits of a 64-bit number.
  case bits64(UInt64)
  /// The bits of a 32-bit number.
  case bits32(UInt32)
  /// A text, a message in the message, or packed numbers.
  case bytes(ArraySlice<UInt8>)
}

/// A field of a message in protocol buffers.
public struct ProtobufField: Equatable, Sendable {
  /// The number that the definition of the message gives to the field.
  public let number: Int
  /// What it holds.
  public let value: ProtobufValue
}

/// Bytes that are no message in protocol buffers.
public struct ProtobufError: Error, Equatable {
  /// Where the field begins that cannot be read, in bytes.
  public let offset: Int
}

/// The fields of `message` in their order in it; repeated fields occur repeatedly.
///
/// A message does not tell its fields' types: who asks knows them.  Fields of unknown numbers are
/// to be skipped.  Throws `ProtobufError` if a field is incomplete, has number 0, or is a group,
/// which TensorFlow's messages do not use.
/// Source: "Encoding" in the documentation of protocol buffers.
public func protobufFields(of message: ArraySlice<UInt8>) throws -> [ProtobufField] {
  var rest = message, fields: [ProtobufField] = []
  while !rest.isEmpty {
    let start = rest.startIndex
    guard let key = takeVariableLength(from: &rest), key >> 3 > 0, key >> 3 < 1 << 29,
      let value = takeValue(ofWireType: key & 7, from: &rest)
    else { throw ProtobufError(offset: start) }
    fields.append(ProtobufField(number: Int(key >> 3), value: value))
  }
  return fields
}

/// The integers of a packed field; nil if the last one is incomplete.
public func protobufIntegers(packedIn bytes: ArraySlice<UInt8>) -> [UInt64]? {
  var rest = bytes, integers: [UInt64] = []
  while !rest.isEmpty {
    guard let integer = takeVariableLength(from: &rest) else { return nil }
    integers.append(integer)
  }
  return integers
}

private func takeValue(
  ofWireType type: UInt64, from rest: inout ArraySlice<UInt8>
) -> ProtobufValue? {
  switch type {
  case 0: takeVariableLength(from: &rest).map { .integer($0) }
  case 1: takeFixedLength(from: &rest).map { .bits64($0) }
  case 2: takeBytes(from: &rest).map { .bytes($0) }
  case 5: takeFixedLength(from: &rest).map { .bits32($0) }
  default: nil
  }
}

/// An integer in groups of seven bits, the lowest first; the highest bit of a byte says whether
/// another one follows.
private func takeVariableLength(from rest: inout ArraySlice<UInt8>) -> UInt64? {
  var integer: UInt64 = 0, at = rest.startIndex
  for shift in stride(from: 0, to: 64, by: 7) {
    guard at < rest.endIndex else { return nil }
    let byte = rest[at]
    at += 1
    integer |= UInt64(byte & 0x7f) << UInt64(shift)
    guard byte >= 0x80 else {
      rest = rest[at...]
      return integer
    }
  }
  return nil
}

private func takeFixedLength<Bits: FixedWidthInteger>(from rest: inout ArraySlice<UInt8>) -> Bits? {
  let count = Bits.bitWidth / 8
  guard rest.count >= count else { return nil }
  let bits = rest.prefix(count).reversed().reduce(Bits(0)) { $0 << 8 | Bits($1) }
  rest = rest.dropFirst(count)
  return bits
}

private func takeBytes(from rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
  guard let count = takeVariableLength(from: &rest), count <= UInt64(rest.count) else { return nil }
  let bytes = rest.prefix(Int(count))
  rest = rest.dropFirst(Int(count))
  return bytes
}
