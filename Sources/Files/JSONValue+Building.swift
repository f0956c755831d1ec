/// Literals stand for themselves, so that trees read like the documents they make.
extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByFloatLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// An integer.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// A number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// A list.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// An object; a key given twice is a bug.
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
}
