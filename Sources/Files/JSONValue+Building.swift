/// Literals make JSON values, so that trees in the code look like the documents they make.
extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByFloatLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  /// Makes a string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// Makes an integer.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// Makes a truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// Makes a number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// Makes a list.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// Makes an object; each key must be given once.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(Dictionary(uniqueKeysWithValues: elements))
  }

  /// A list of integers.
  public static func integers(_ values: [Int]) -> JSONValue { .array(values.map { .integer($0) }) }

  /// A list of strings.
  public static func strings(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }

  /// A list of lists of integers.
  public static func pairs(_ values: [[Int]]) -> JSONValue {
    .array(values.map { .integers($0) })
  }

  /// Sets the member at `path` to `value`, or removes it if `value` is nil; changes nothing if the
  /// object that should have the member is missing.
  package mutating func set(_ path: [String], to value: JSONValue?) {
    guard let name = path.first, case .object(var members) = self else { return }
    if path.count == 1 {
      members[name] = value
    } else {
      members[name]?.set(Array(path.dropFirst()), to: value)
    }
    self = .object(members)
  }
}
