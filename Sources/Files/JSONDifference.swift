/// A place where two JSON values differ, and the two values there; a missing value counts as
/// "null".
package struct JSONDifference {
  /// The keys down to the place, "model/descriptor/sel".
  package let path: String
  /// The values, as JSON.
  package let mine: String, other: String

  /// The difference in words; `other` comes second: "model/descriptor/sel is [4,8], not [8,16]".
  package var text: String {
    "\(path) is \(JSONDifference.shortened(mine)), not \(JSONDifference.shortened(other))"
  }

  /// Shortens the text, because a long list of systems would hide the rest.
  private static func shortened(_ text: String) -> String {
    text.count <= 80 ? text : "\(text.prefix(77))..."
  }
}

extension JSONValue {
  /// The differences between this value and `other`, key by key in the order of the keys, and in
  /// lists of as many objects object by object; the keys in `ignored` are not compared.
  package func differences(
    from other: JSONValue, at path: String = "", ignoring ignored: Set<String> = []
  ) -> [JSONDifference] {
    if case .object(let a) = self, case .object(let b) = other {
      return Set(a.keys).union(b.keys).subtracting(ignored).sorted().flatMap { key in
        (a[key] ?? .null).differences(
          from: b[key] ?? .null, at: path.isEmpty ? key : "\(path)/\(key)", ignoring: ignored)
      }
    }
    if case .array(let a) = self, case .array(let b) = other, a.count == b.count,
      (a + b).allSatisfy({ if case .object = $0 { true } else { false } })
    {
      return a.indices.flatMap { k in
        a[k].differences(from: b[k], at: "\(path)[\(k)]", ignoring: ignored)
      }
    }
    return self == other
      ? [] : [JSONDifference(path: path, mine: serialized, other: other.serialized)]
  }
}
