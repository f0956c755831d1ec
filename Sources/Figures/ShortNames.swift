/// Short names that distinguish `paths`: their last parts, with as many parts before as are needed.
package func shortNames(_ paths: [String]) -> [String] {
  let parts = paths.map { path in
    path.split(separator: "/").filter { $0 != "." && $0 != ".." }.map(String.init)
  }
  for count in 1...max(parts.map(\.count).max() ?? 1, 1) {
    let names = parts.map { $0.suffix(count).joined(separator: "/") }
    if Set(names).count == names.count { return trimmedTogether(names) }
  }
  return paths
}

/// The names without a last part that all share, such as "run".
private func trimmedTogether(_ names: [String]) -> [String] {
  let parts = names.map { $0.split(separator: "/").map(String.init) }
  guard names.count > 1, let last = parts[0].last,
    parts.allSatisfy({ $0.count > 1 && $0.last == last })
  else { return names }
  return trimmedTogether(parts.map { $0.dropLast().joined(separator: "/") })
}
