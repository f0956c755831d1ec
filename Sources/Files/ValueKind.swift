/// The largest number of one thing in a model, such as neighbor slots; a larger number is a
/// mistake.
package let largestSize = 65536

/// A kind of value in a configuration: its name in messages, and how a value is read from JSON.
package struct ValueKind<Value> {
  /// The name of what is expected, for messages.
  package let name: String
  /// Reads the value; nil if it is of another kind.
  package let take: (JSONValue) -> Value?

  /// A kind called `name`.
  package init(name: String, take: @escaping (JSONValue) -> Value?) {
    self.name = name
    self.take = take
  }

  /// This kind under another name, for values that also meet a condition.
  package func whereIs(_ name: String, _ condition: @escaping (Value) -> Bool) -> ValueKind {
    ValueKind(name: name) { take($0).flatMap { condition($0) ? $0 : nil } }
  }

  /// This kind, or null.
  package var orNull: ValueKind<Value?> {
    ValueKind<Value?>(name: "\(name) or null") {
      $0 == .null ? .some(nil) : take($0).map(Optional.some)
    }
  }

  /// A list of values of this kind.
  package func list(_ name: String) -> ValueKind<[Value]> {
    ValueKind<[Value]>(name: name) {
      guard case .array(let elements) = $0 else { return nil }
      let values = elements.compactMap(take)
      return values.count == elements.count ? values : nil
    }
  }
}

extension ValueKind<Bool> {
  /// `true` or `false`.
  package static var bool: ValueKind {
    ValueKind(name: "true or false") { if case .bool(let value) = $0 { value } else { nil } }
  }
}

extension ValueKind<String> {
  /// A text.
  package static var text: ValueKind {
    ValueKind(name: "a text") { if case .string(let value) = $0 { value } else { nil } }
  }
}

extension ValueKind<Int> {
  /// A whole number.
  package static var integer: ValueKind {
    ValueKind(name: "a whole number") {
      switch $0 {
      case .integer(let value): value
      case .number(let value): Int(exactly: value)
      default: nil
      }
    }
  }

  /// The size of something in memory, `least` or more; sizes above `largestSize` are a mistake.
  package static func size(from least: Int) -> ValueKind {
    integer.whereIs("a whole number from \(least) to \(largestSize)") {
      $0 >= least && $0 <= largestSize
    }
  }

  /// A number of steps, with a limit so that sums and products of steps fit into an `Int`.
  package static var steps: ValueKind {
    integer.whereIs("a whole number from 1 to 10^12") { $0 >= 1 && $0 <= 1_000_000_000_000 }
  }

  /// The number of steps of a training; 0 makes a model without training it.
  package static var trainingSteps: ValueKind {
    integer.whereIs("a whole number from 0 to 10^12") { $0 >= 0 && $0 <= 1_000_000_000_000 }
  }

  /// A whole number of 1 or more.
  package static var positiveInteger: ValueKind {
    integer.whereIs("a whole number of 1 or more") { $0 >= 1 }
  }

  /// A whole number of 0 or more.
  package static var count: ValueKind { integer.whereIs("a whole number of 0 or more") { $0 >= 0 } }
}

extension ValueKind<Double> {
  /// A number.
  package static var number: ValueKind {
    ValueKind(name: "a number") {
      switch $0 {
      case .integer(let value): Double(value)
      case .number(let value): value
      default: nil
      }
    }
  }

  /// A number above zero.
  package static var positive: ValueKind { number.whereIs("a number above 0") { $0 > 0 } }

  /// A number of zero or more.
  package static var nonNegative: ValueKind { number.whereIs("a number of 0 or more") { $0 >= 0 } }
}

extension JSONValue {
  /// The value in a message, shortened.
  package var quoted: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .string(let value): "\"\(value.count > 60 ? value.prefix(57) + "..." : value)\""
    case .array(let values):
      values.count > 8
        ? "a list of \(values.count)" : "[\(values.map(\.quoted).joined(separator: ", "))]"
    case .object: "an object {...}"
    }
  }
}
