import Protobuf

/// An operation of a graph.
struct GraphNode {
  var name = ""
  var operation = ""
  /// The names of the nodes that give its inputs.
  var inputs: [String] = []
  /// Its attributes, not decoded.
  private var attributes: [String: ArraySlice<UInt8>] = [:]

  /// Reads a `NodeDef`.
  init(_ message: ArraySlice<UInt8>) throws {
    for field in try protobufFields(of: message) {
      guard case .bytes(let bytes) = field.value else { continue }
      switch field.number {
      case 1: name = String(decoding: bytes, as: UTF8.self)
      case 2: operation = String(decoding: bytes, as: UTF8.self)
      case 3: inputs.append(Self.nodeName(bytes))
      case 5: try addAttribute(bytes)
      default: break
      }
    }
  }

  /// The folder of names in which the node is; empty for a node outside of folders.
  var scope: Substring { name.firstIndex(of: "/").map { name[..<$0] } ?? "" }

  /// Whether the node is of the derivatives, which are of no interest.
  var isOfGradients: Bool { name.hasPrefix("gradients") }

  /// The name of an input, without the mark of control and the number of the output.
  private static func nodeName(_ bytes: ArraySlice<UInt8>) -> String {
    let rest = bytes.first == UInt8(ascii: "^") ? bytes.dropFirst() : bytes
    return String(decoding: rest.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self)
  }

  private mutating func addAttribute(_ message: ArraySlice<UInt8>) throws {
    var key: String?, value: ArraySlice<UInt8>?
    for field in try protobufFields(of: message) {
      guard case .bytes(let bytes) = field.value else { continue }
      if field.number == 1 { key = String(decoding: bytes, as: UTF8.self) }
      if field.number == 2 { value = bytes }
    }
    if let key, let value { attributes[key] = value }
  }

  private func fields(_ key: String) throws -> [ProtobufField] {
    try attributes[key].map { try protobufFields(of: $0) } ?? []
  }

  /// The constant in the attribute `value`.
  func constant() throws -> GraphConstant? {
    for field in try fields("value") where field.number == 8 {
      if case .bytes(let bytes) = field.value { return try GraphConstant(bytes) }
    }
    return nil
  }

  /// The number in the attribute `key`, in single precision.
  func float(_ key: String) throws -> Float? {
    for field in try fields(key) where field.number == 4 {
      if case .bits32(let bits) = field.value { return Float(bitPattern: bits) }
    }
    return nil
  }

  /// The list of integers in the attribute `key`.
  func integers(_ key: String) throws -> [Int]? {
    for field in try fields(key) where field.number == 1 {
      guard case .bytes(let list) = field.value else { continue }
      var numbers: [Int] = []
      for field in try protobufFields(of: list) where field.number == 3 {
        switch field.value {
        case .integer(let number): numbers.append(Int(Int64(bitPattern: number)))
        case .bytes(let packed):
          numbers += (protobufIntegers(packedIn: packed) ?? []).map { Int(Int64(bitPattern: $0)) }
        default: break
        }
      }
      return numbers
    }
    return nil
  }
}
