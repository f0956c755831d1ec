import Protobuf

/// The value of a constant in a graph.
enum GraphConstant {
  case tensor(Tensor)
  case texts([String])

  /// Reads a `TensorProto`.
  init(_ message: ArraySlice<UInt8>) throws {
    var type: UInt64 = 0, shape: [Int] = [], content: ArraySlice<UInt8>?, texts: [String] = []
    var values: [Double] = []
    for field in try protobufFields(of: message) {
      switch (field.number, field.value) {
      case (1, .integer(let number)): type = number
      case (2, .bytes(let bytes)): shape = try Self.shape(bytes)
      case (4, .bytes(let bytes)): content = bytes
      case (8, .bytes(let bytes)): texts.append(String(decoding: bytes, as: UTF8.self))
      default: values += try Self.values(field)
      }
    }
    if type == 7 {
      self = .texts(texts)
    } else {
      self = .tensor(try Self.tensor(type, shape, content, values))
    }
  }

  /// Makes an array from `content`, or from `values`, the last of which repeats.
  private static func tensor(
    _ type: UInt64, _ shape: [Int], _ content: ArraySlice<UInt8>?, _ values: [Double]
  ) throws -> Tensor {
    let types: [UInt64: ElementType] = [
      1: .float32, 2: .float64, 3: .int32, 4: .uint8, 6: .int8, 9: .int64, 10: .bool,
      14: .bfloat16, 19: .float16,
    ]
    guard let type = types[type] else {
      throw Unreadable("has a constant of an unknown element type (\(type))")
    }
    try type.refuseHalf()
    guard let count = elementCount(shape) else {
      throw Unreadable("has a constant of the impossible shape \(shape)")
    }
    var numbers = values
    if let content, !content.isEmpty {
      guard content.count == count * type.size else {
        throw Unreadable(
          "has a constant of \(content.count) bytes where \(count * type.size) are needed")
      }
      numbers = type.numbers(in: content)
    } else {
      // The last value repeats, so that a few bytes may claim any number of values.
      guard count <= 1 << 22 else {
        throw Unreadable("has a constant of shape \(shape) without its values")
      }
      guard values.count <= count else {
        throw Unreadable("has a constant with more values than its shape \(shape) allows")
      }
      numbers += Array(repeating: numbers.last ?? 0, count: count - numbers.count)
    }
    return Tensor(shape: shape, values: numbers, isSingle: type == .float32)
  }

  private static func shape(_ message: ArraySlice<UInt8>) throws -> [Int] {
    var shape: [Int] = []
    for case .bytes(let dimension) in try protobufFields(of: message).filter({ $0.number == 2 })
      .map(\.value)
    {
      var extent = 0
      for case .integer(let size) in try protobufFields(of: dimension).filter({ $0.number == 1 })
        .map(\.value)
      {
        extent = Int(Int64(bitPattern: size))
      }
      shape.append(extent)
    }
    return shape
  }

  /// The numbers of a list in fields of their own, packed or not.
  private static func values(_ field: ProtobufField) throws -> [Double] {
    switch (field.number, field.value) {
    case (5, .bits32(let bits)): return [Double(Float(bitPattern: bits))]
    case (6, .bits64(let bits)): return [Double(bitPattern: bits)]
    case (5, .bytes(let bytes)): return ElementType.float32.numbers(in: bytes)
    case (6, .bytes(let bytes)): return ElementType.float64.numbers(in: bytes)
    case (7, .integer(let value)), (10, .integer(let value)), (11, .integer(let value)):
      return [Double(Int64(bitPattern: value))]
    case (7, .bytes(let bytes)), (10, .bytes(let bytes)), (11, .bytes(let bytes)):
      guard let packed = protobufIntegers(packedIn: bytes) else {
        throw Unreadable("has a constant with incomplete numbers")
      }
      return packed.map { Double(Int64(bitPattern: $0)) }
    default: return []
    }
  }
}
