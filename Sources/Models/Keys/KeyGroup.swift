import DeepPotential
import Files

/// An object of its own inside of a descriptor, with keys for one part of it.
package struct KeyGroup: Sendable, Hashable {
  /// Its name in inputs, and in model files.
  package let name: String, nameInModels: String

  /// The place in inputs of the key `name`, as in `ListOptions.slotKey`.
  package func place(of name: String) -> String { "\(self.name)/\(name)" }
}

extension JSONValue {
  /// The value at `path`, whose names of members are separated by `/`; nil if there is none.
  package func value(at path: String) -> JSONValue? {
    path.split(separator: "/").reduce(self) { $0?[String($1)] }
  }
}

extension [String: JSONValue] {
  /// Sets the value at `path`, whose names of members are separated by `/`; objects on the way must
  /// be there.
  package mutating func set(_ path: String, to value: JSONValue) {
    guard let slash = path.firstIndex(of: "/") else {
      self[path] = value
      return
    }
    let name = String(path[..<slash])
    guard case .object(var inside)? = self[name] else { return }
    inside.set(String(path[path.index(after: slash)...]), to: value)
    self[name] = .object(inside)
  }
}
