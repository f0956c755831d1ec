import Files

extension JSONValue {
  /// A number, whole or not; nil for anything else.
  public var double: Double? { number }

  /// A whole number; nil for anything else.
  public var int: Int? {
    if case .integer(let value) = self { value } else { nil }
  }

  /// The elements of an array; empty for anything else.
  public var elements: [JSONValue] {
    if case .array(let values) = self { values } else { [] }
  }

  /// All numbers of nested arrays, in order.
  public var numbers: [Double] {
    if let double { [double] } else { elements.flatMap(\.numbers) }
  }
}
