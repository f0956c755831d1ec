import Atoms

/// Unique names for `systems` in one file or folder; a name is never a path.
///
/// A name is the last part of the system's place (folder or group).  If two systems share it, the
/// part before is put in front, as in `train.water` and `test.water`; if they still share it, a
/// number is added.
func systemNames(_ systems: [AtomicSystem]) -> [String] {
  let parts = systems.map { placeParts($0) }
  let deepest = parts.map(\.count).max() ?? 0
  var depth = [Int](repeating: 1, count: systems.count)
  func name(_ i: Int) -> String { parts[i].suffix(depth[i]).joined(separator: ".") }
  for _ in 0..<deepest {
    let clashes = Dictionary(grouping: systems.indices, by: name).values.filter { $0.count > 1 }
    for i in clashes.joined() { depth[i] += 1 }
  }
  var taken = TakenNames()
  return systems.indices.map { taken.unique(name($0)) }
}

/// The names that are taken already.
struct TakenNames {
  private var names: Set<String> = []
  /// The number that was tried last for each name; without it, thousands of equal names would take
  /// long.
  private var numbers: [String: Int] = [:]

  /// Gives `name`, or `name-2`, `name-3`, ... if it is taken, and takes it.
  mutating func unique(_ name: String) -> String {
    var result = name, number = numbers[name] ?? 1
    if number > 1 { result = "\(name)-\(number)" }
    while !names.insert(result).inserted {
      number += 1
      result = "\(name)-\(number)"
    }
    numbers[name] = number
    return result
  }
}

/// The parts of the system's place that can be names; the last one is the closest to the system.
private func placeParts(_ system: AtomicSystem) -> [String] {
  var parts = system.place.split(whereSeparator: { $0 == "/" || $0 == "#" }).map(String.init)
  parts.removeAll { $0 == "." || $0 == ".." }
  // The extension of a file does not describe its content.
  for (i, part) in parts.enumerated() {
    for ending in [".h5", ".hdf5", ".xyz", ".extxyz"] where part.hasSuffix(ending) {
      parts[i] = String(part.dropLast(ending.count))
    }
  }
  return parts.isEmpty ? [plain(system.formula)] : parts.map(plain)
}

/// Replaces characters in `name` other than letters, digits and `+-_.`, and avoids names with a
/// meaning in a system.
private func plain(_ name: String) -> String {
  let letters = name.unicodeScalars.map { scalar in
    scalar.isASCII
      && (scalar.properties.isAlphabetic || "0123456789+-_.".unicodeScalars.contains(scalar))
      ? Character(scalar) : "_"
  }
  let result = String(letters)
  let isReserved =
    ["type.raw", "type_map.raw", "nopbc"].contains(result)
    || result.hasPrefix("set.") || result.hasPrefix(".") || result.isEmpty
  return isReserved ? "system\(result)" : result
}
