import Diagnostics
import Files
import Kernels

/// One object in the JSON tree of a model file, with typed access to its members and arrays.
///
/// Every access throws `.data` with file and place if a member is missing or of another type.
struct ModelNode {
  /// The place of the object in messages, such as `model.h5#/model/descriptor`.
  let place: String
  let members: [String: JSONValue]
  private let arrays: ModelArrays

  /// Makes the node of `value`; throws `.data` if it is not an object.
  init(_ value: JSONValue, at place: String, _ arrays: ModelArrays) throws {
    guard case .object(let members) = value else {
      throw ToolError(.data, at: place, "expected an object")
    }
    self.place = place
    self.members = members
    self.arrays = arrays
  }

  /// Whether there is a member `key` that is not null.
  func has(_ key: String) -> Bool { members[key] != nil && members[key] != .null }

  /// The member `key`, an object.
  func node(_ key: String) throws -> ModelNode {
    try ModelNode(value(key), at: "\(place)/\(key)", arrays)
  }

  /// The member `key`, a list of objects.
  func nodes(_ key: String) throws -> [ModelNode] {
    guard case .array(let elements) = try value(key) else { throw wrong(key, "a list of objects") }
    return try elements.enumerated().map {
      try ModelNode($1, at: "\(place)/\(key)[\($0)]", arrays)
    }
  }

  func string(_ key: String) throws -> String {
    guard case .string(let text) = try value(key) else { throw wrong(key, "a string") }
    return text
  }

  func integer(_ key: String) throws -> Int {
    guard case .integer(let number) = try value(key) else { throw wrong(key, "an integer") }
    return number
  }

  func number(_ key: String) throws -> Double {
    guard let number = try value(key).number else { throw wrong(key, "a number") }
    return number
  }

  func flag(_ key: String) throws -> Bool {
    guard case .bool(let flag) = try value(key) else { throw wrong(key, "true or false") }
    return flag
  }

  func integers(_ key: String) throws -> [Int] {
    try list(key, "a list of integers") {
      if case .integer(let number) = $0 { number } else { nil }
    }
  }

  func strings(_ key: String) throws -> [String] {
    try list(key, "a list of strings") { if case .string(let text) = $0 { text } else { nil } }
  }

  /// The member `key`, a list of type indices below `types`; empty if it is missing or null.
  func types(_ key: String, below types: Int) throws -> [Int] {
    guard has(key) else { return [] }
    let indices = try integers(key)
    guard indices.allSatisfy({ (0..<types).contains($0) }) else {
      throw wrong(key, "type indices below \(types)")
    }
    return indices
  }

  /// The member `key`, a list of pairs of type indices below `types`; empty if it is missing or
  /// null.
  func pairs(_ key: String, below types: Int) throws -> [[Int]] {
    guard has(key) else { return [] }
    return try list(key, "pairs of type indices below \(types)") { element in
      guard case .array(let pair) = element, pair.count == 2 else { return nil }
      let indices = pair.compactMap { if case .integer(let index) = $0 { index } else { nil } }
      return indices.filter { (0..<types).contains($0) }.count == 2 ? indices : nil
    }
  }

  /// The member `key`, a list whose elements `element` converts; `element` gives nil if the value
  /// is not as `expected`.
  func list<Element>(
    _ key: String, _ expected: String, _ element: (JSONValue) throws -> Element?
  ) throws -> [Element] {
    guard case .array(let values) = try value(key) else { throw wrong(key, expected) }
    return try values.map { value in
      guard let element = try element(value) else { throw wrong(key, expected) }
      return element
    }
  }

  /// The float64 or float32 array that `@variables/key` names, of any shape.
  func array(_ key: String) throws -> (values: [Double], shape: [Int]) {
    try array(members["@variables"]?[key], at: "\(place)/@variables/\(key)")
  }

  /// The arrays whose paths `@variables/key` lists.
  func arrays(_ key: String) throws -> [(values: [Double], shape: [Int])] {
    let place = "\(place)/@variables/\(key)"
    guard case .array(let paths)? = members["@variables"]?[key] else {
      throw ToolError(.data, at: place, "is missing, expected a list of paths of arrays")
    }
    return try paths.enumerated().map { try array($1, at: "\(place)[\($0)]") }
  }

  private func array(
    _ name: JSONValue?, at place: String
  ) throws -> (values: [Double], shape: [Int]) {
    guard case .string(let path)? = name else {
      throw ToolError(.data, at: place, "is missing, expected the path of an array")
    }
    let (values, shape, type) = try arrays.array(path, at: place)
    guard type == .float(bytes: 8) || type == .float(bytes: 4) else {
      throw ToolError(
        .data, at: place, "is an array of \(type.description), expected float64 or float32")
    }
    guard values.allSatisfy(\.isFinite) else {
      throw ToolError(.data, at: place, "holds numbers that are not finite")
    }
    return (values, shape)
  }

  /// The array that `@variables/key` names, which must have `shape`.
  func array(_ key: String, shape: [Int]) throws -> [Double] {
    let (values, found) = try array(key)
    guard found == shape else {
      throw ToolError(
        .data, at: "\(place)/@variables/\(key)", "has shape \(found), expected \(shape)")
    }
    return values
  }

  /// The `count` numbers of the array that `@variables/key` names, of shape `[count]` or
  /// `[1, count]`.
  ///
  /// Models of DeePMD-kit 2.0 and before have the second shape, also after their conversion.
  func row(_ key: String, count: Int) throws -> [Double] {
    let (values, found) = try array(key)
    guard found == [count] || found == [1, count] else {
      throw ToolError(
        .data, at: "\(place)/@variables/\(key)",
        "has shape \(found), expected \([count]) or \([1, count])")
    }
    return values
  }

  /// Whether there is an array `@variables/key`.
  func hasArray(_ key: String) -> Bool {
    if case .string? = members["@variables"]?[key] { true } else { false }
  }

  /// Makes the error for the member `key` that is missing or not as `expected`.
  func wrong(_ key: String, _ expected: String) -> ToolError {
    ToolError(
      .data, at: "\(place)/\(key)",
      "is \(members[key]?.serialized ?? "missing"), expected \(expected)")
  }

  private func value(_ key: String) throws -> JSONValue {
    guard let value = members[key] else { throw wrong(key, "a value") }
    return value
  }
}
