import Files

extension Pickle {
  /// The text of `value`, also if it is a name; nil for anything else.
  func text(_ value: PickleValue?) -> String? {
    switch value {
    case .text(let text), .name(let text): text
    default: nil
    }
  }

  /// `value` as JSON; objects and arrays of PyTorch become null.
  ///
  /// Throws if it is nested too deeply, or refers to its parts too often.
  func json(_ value: PickleValue) throws -> JSONValue {
    var rest = 1_000_000
    return try json(value, depth: 0, &rest)
  }

  private func json(_ value: PickleValue, depth: Int, _ rest: inout Int) throws -> JSONValue {
    rest -= 1
    guard depth < 64, rest > 0 else {
      throw Unreadable("has an input of the training that is nested too deeply")
    }
    switch value {
    case .none, .record, .storage, .tensor: return .null
    case .bool(let flag): return .bool(flag)
    case .integer(let number): return .integer(number)
    case .number(let number):
      guard number.isFinite else { throw Unreadable.notFinite }
      return .number(number)
    case .text(let text), .name(let text): return .string(text)
    case .list(let number):
      return .array(try lists[number].map { try json($0, depth: depth + 1, &rest) })
    case .dictionary(let number):
      var members: [String: JSONValue] = [:]
      for (key, value) in dictionaries[number] {
        let name =
          switch key {
          case .integer(let number): "\(number)"
          default: text(key)
          }
        if let name { members[name] = try json(value, depth: depth + 1, &rest) }
      }
      return .object(members)
    }
  }

  /// The attributes of a module and of the modules in it, by dotted names.
  func attributes(of module: PickleValue) throws -> [String: PickleValue] {
    var found: [String: PickleValue] = [:]
    var open: [(value: PickleValue, prefix: String, depth: Int)] = [(module, "", 0)],
      rest = 2_000_000
    while let (value, prefix, depth) = open.popLast() {
      for (key, part) in items(of: value) ?? [] {
        rest -= 1
        guard depth < 64, rest > 0 else {
          throw Unreadable("is a damaged module: it is nested too deeply")
        }
        guard let name = text(key), name != "_networks" else { continue }
        if case .record = part {
          open.append((part, "\(prefix)\(name).", depth + 1))
        } else {
          found[prefix + name] = part
        }
      }
    }
    return found
  }
}
