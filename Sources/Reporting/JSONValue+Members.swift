import Files

extension JSONValue {
  /// A whole number; nil for anything else.
  var count: Int? { if case .integer(let value) = self { value } else { nil } }

  /// The elements of a list; empty for anything else.
  var elements: [JSONValue] { if case .array(let values) = self { values } else { [] } }

  /// The members of an object; empty for anything else.
  var members: [String: JSONValue] { if case .object(let values) = self { values } else { [:] } }
}
