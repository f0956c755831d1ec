/// The largest number of something that a model holds of one kind, such as neighbor slots; more is
/// a mistake.
package let largestSize = 65536

/// A kind of value that a configuration may hold: its name in messages, and how it is taken out.
package struct ValueKind<Value> {
  /// What messages say was expected.
  package let name: String
  /// The value; nil if it is of another kind.
  package let take: (JSONValue) -> Value?

  /// A kind called `name`.
  package init(name: String, take: @escaping (JSONValue) -> Value?) {
    self.name = name
    self.take = take
  }

  /// The same kind under another name, for values that meet a condition.
  package func whereIs(_ name: String, _ condition: @escaping (Value) -> Bool) -> ValueKind {
    ValueKind(name: name) { take($0).flatMap { condition($0) ? $0 : nil } }
  }

  /// This kind, or null.
  package var orNull: ValueKind<Value?> {
    ValueKind<Value?>(name: "\(name) or null") {
      $0 == .null ? .some(nil) : take($0).map(Optional.some)
    }
  }

  /// A list of this kind.
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

  /// A size of something held in memory, from `least` on; more is a mistake.
  package static func size(from least: Int) -> ValueKind {
    integer.whereIs("a whole number from \(least) to \(largestSize)") {
      $0 >= least && $0 <= largestSize
    }
  }

  /// A number of steps, small enough that sums and products of steps fit into an `Int`.
  package static var steps: ValueKind {
    integer.whereIs("a whole number from 1 to 10^12") { $0 >= 1 && $0 <= 1_000_000_000_000 }
  }

  /// A number of steps of a whole training; 0 makes the model and trains nothing.
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
  /// The value as a message quotes it, shortened.
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
