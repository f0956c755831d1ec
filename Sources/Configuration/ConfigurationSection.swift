import Files

/// One object of a configuration while it is read.
///
/// It gives its members, and remembers the names that were asked for; `finish` reports all others
/// as unknown.  Keys that begin with "_" are comments, as in DeePMD-kit.
final class ConfigurationSection {
  /// The path of the object, such as `model/descriptor`; empty for the whole file.
  let path: String
  let problems: ConfigurationProblems
  /// Its members, whether anything has asked for them or not.
  let members: [String: JSONValue]
  /// Whether the object is missing or wrong, which has been recorded; members that are missing
  /// because of this are not recorded.
  private var isMissing = false
  private var known: Set<String> = []
  /// The objects that `section` gave.
  private var sections: [String: ConfigurationSection] = [:]

  /// Reads `value`, and records an error if it is not an object; nil counts as an empty object.
  init(_ value: JSONValue?, path: String, problems: ConfigurationProblems) {
    self.path = path
    self.problems = problems
    if case .object(let members)? = value {
      self.members = members
    } else {
      members = [:]
      isMissing = value != nil
      if let value {
        problems.add(path, "found \(value.quoted), expected an object {...}")
      }
    }
  }

  /// The path of the member `name`.
  func path(of name: String) -> String { path.isEmpty ? name : "\(path)/\(name)" }

  /// Records a problem of the member `name`.
  func report(_ name: String, _ problem: String, remedy: String? = nil) {
    problems.add(path(of: name), problem, remedy: remedy)
  }

  /// The member called `name` or one of `aliases`, with its name in the file; nil if there is none.
  ///
  /// Records an error if there are several.
  func find(_ name: String, or aliases: [String] = []) -> (name: String, value: JSONValue)? {
    known.formUnion([name] + aliases)
    let given = ([name] + aliases).filter { members[$0] != nil }
    if given.count > 1 {
      report(given[1], "says the same as \"\(given[0])\", which is there too", remedy: "remove one")
    }
    guard let first = given.first, let value = members[first] else { return nil }
    return (first, value)
  }

  /// Whether there is a member called `name`.
  func has(_ name: String) -> Bool { members[name] != nil }

  /// The member `name`, or `fallback` if it is missing or wrong; a wrong value is recorded.
  func read<Value>(
    _ name: String, or aliases: [String] = [], _ kind: ValueKind<Value>, default fallback: Value
  ) -> Value {
    find(name, or: aliases).flatMap { convert($0, kind) } ?? fallback
  }

  /// The member `name`, or nil if it is null, missing or wrong; a wrong value is recorded.
  func optional<Value>(
    _ name: String, or aliases: [String] = [], _ kind: ValueKind<Value>
  ) -> Value? {
    read(name, or: aliases, kind.orNull, default: nil)
  }

  /// The member `name`, or nil if it is missing or wrong; both are recorded.
  func require<Value>(
    _ name: String, or aliases: [String] = [], _ kind: ValueKind<Value>, remedy: String? = nil
  ) -> Value? {
    guard let found = find(name, or: aliases) else {
      if !isMissing { report(name, "is missing; expected \(kind.name)", remedy: remedy) }
      return nil
    }
    return convert(found, kind)
  }

  /// The object `name`, or an empty one if it is missing; records a missing one that `isRequired`.
  /// It is the same each time.
  func section(_ name: String, isRequired: Bool = false) -> ConfigurationSection {
    if let section = sections[name] { return section }
    let found = find(name)
    let section = ConfigurationSection(found?.value, path: path(of: name), problems: problems)
    if isRequired && found == nil {
      if !isMissing { report(name, "is missing; expected an object {...}") }
      section.isMissing = true
    }
    sections[name] = section
    return section
  }

  /// Records that there is no member `name`, expected to be `expected`.
  func reportMissing(_ name: String, _ expected: String?) {
    if !isMissing { report(name, "is missing; expected \(expected ?? "a value")") }
  }

  /// Reads the list `name` of one or more objects, which messages call `what`; records an error for
  /// any other value.
  func sections(_ name: String, _ what: String) -> [ConfigurationSection] {
    let expected = "expected a list of one or more \(what), objects {...}"
    guard let value = find(name)?.value else {
      report(name, "is missing; \(expected)")
      return []
    }
    guard case .array(let elements) = value, !elements.isEmpty else {
      report(name, "found \(value.quoted), \(expected)")
      return []
    }
    return elements.enumerated().map {
      ConfigurationSection($1, path: "\(path(of: name))[\($0)]", problems: problems)
    }
  }

  /// The path without the places in lists, which is the same for all sections of one kind.
  private var home: String { path.replacing(/\/list\[[0-9]+\]/, with: "") }

  /// Accepts members called `names` without reading them, because they change nothing.
  func accept(_ names: String...) { known.formUnion(names) }

  /// Records an error if there is a member `name` with a value that is not among `harmless` ones.
  func refuse(_ name: String, unless harmless: JSONValue..., remedy: String? = nil) {
    guard let (name, value) = find(name) else { return }
    if harmless.contains(where: { $0.means(value) }) { return }
    let allowed = harmless.isEmpty ? "" : "; only \(harmless[0].quoted) is"
    let isLong = if case .object = value { true } else { false }
    report(
      name, "\(isLong ? "" : "\(value.quoted) ")is not supported\(allowed)", remedy: remedy)
  }

  /// Records an error for each member whose name was never asked for or accepted.
  func finish() {
    for name in members.keys.sorted() where !known.contains(name) && !name.hasPrefix("_") {
      if let old = OldKey.find(name, in: home) {
        report(
          name, "is a key of DeePMD-kit \(old.release), which is gone", remedy: old.replacement)
      } else if let other = keyHome(of: name), other != home {
        report(
          name, "is not a known key here, but in \"\(other)\"",
          remedy: "move it there, or remove it"
        )
      } else {
        report(name, "is not a known key here", remedy: remedy(forUnknown: name))
      }
    }
  }

  private func remedy(forUnknown name: String) -> String {
    if let close = closestName(to: name, among: known) { return "did you mean \"\(close)\"?" }
    return looksLikeComment(name)
      ? "keys that begin with \"_\" are comments" : "docs/INPUT.md lists the keys"
  }

  /// The names of all members except comments.
  var names: [String] { members.keys.filter { !$0.hasPrefix("_") }.sorted() }

  private func convert<Value>(
    _ found: (name: String, value: JSONValue), _ kind: ValueKind<Value>
  ) -> Value? {
    if let value = kind.take(found.value) { return value }
    report(found.name, "found \(found.value.quoted), expected \(kind.name)")
    return nil
  }
}

extension JSONValue {
  /// Whether both are the same value; whole numbers equal numbers with a fraction of 0.
  fileprivate func means(_ other: JSONValue) -> Bool {
    self == other || ValueKind.number.take(self).map { $0 == ValueKind.number.take(other) } ?? false
  }
}

/// The name in `known` that is closest to the misspelled `name`; nil if none is close.
func closestName(to name: String, among known: some Collection<String>) -> String? {
  let ranked = known.map { (distance: editDistance(name.lowercased(), $0.lowercased()), name: $0) }
  guard let best = ranked.min(by: { ($0.distance, $0.name) < ($1.distance, $1.name) }),
    best.distance <= max(2, name.count / 3)
  else { return nil }
  return best.name
}

/// The smallest number of insertions, deletions, replacements and swaps of adjacent letters that
/// turn one text into the other.
private func editDistance(_ a: String, _ b: String) -> Int {
  let a = Array(a), b = Array(b)
  var before: [Int] = [], row = Array(0...b.count)
  for i in a.indices {
    var next = [i + 1]
    for j in b.indices {
      var cost = min(row[j] + (a[i] == b[j] ? 0 : 1), row[j + 1] + 1, next[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, before[j - 1] + 1) }
      next.append(cost)
    }
    (before, row) = (row, next)
  }
  return row[b.count]
}
