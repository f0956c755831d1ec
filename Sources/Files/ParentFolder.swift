/// The folder part of `path`: "" if there is none, "/" for a name in the root.
///
/// Foundation's `deletingLastPathComponent` crashes for paths of one character.
public func parentFolder(of path: String) -> String {
  let end = path.lastIndex { $0 != "/" }.map { path.index(after: $0) } ?? path.startIndex
  if end == path.startIndex { return path }
  guard let slash = path[..<end].lastIndex(of: "/") else { return "" }
  let folder = path[..<slash], last = folder.lastIndex { $0 != "/" }
  return last.map { String(folder[...$0]) } ?? "/"
}
