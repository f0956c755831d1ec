import Atoms
import Diagnostics
import Foundation

/// Reads the systems at `path`.
///
/// `path` is a folder (a system, or folders of systems at any depth), an HDF5 file, a group in one
/// (`file.h5#/group`) or an extended XYZ file.  Folders are read in the order of their names.
/// Everything is checked, see `AtomicSystem.validated`.
/// Throws `ToolError`: `.missingInput` if nothing is there, `.data` if something is wrong with it.
public func readSystems(at path: String) throws -> [AtomicSystem] {
  var isFolder: ObjCBool = false
  if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
    if isFolder.boolValue { return try readSystems(inFolder: path) }
    if try isHDF5(path) { return try readSystems(fromHDF5: path, group: "/") }
    return try readExtendedXYZ(at: path)
  }
  if let mark = path.firstIndex(of: "#") {
    let group = String(path[path.index(after: mark)...])
    return try readSystems(fromHDF5: String(path[..<mark]), group: group)
  }
  throw ToolError(
    .missingInput, at: path, "no such file or folder",
    remedy: "give a folder with type.raw, an HDF5 file or an extended XYZ file")
}

/// Whether the file at `path` begins like an HDF5 file.
private func isHDF5(_ path: String) throws -> Bool {
  guard let file = FileHandle(forReadingAtPath: path) else {
    throw ToolError(.missingInput, at: path, "cannot be read")
  }
  defer { try? file.close() }
  do {
    return try file.read(upToCount: 8) == Data([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A])
  } catch {
    throw ToolError(.io, at: path, "cannot be read: \(error.localizedDescription)")
  }
}

/// Reads every system in `folder` and below it.
private func readSystems(inFolder folder: String) throws -> [AtomicSystem] {
  let folder = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
  let found = try systemFolders(in: folder, above: [])
  guard !found.isEmpty else {
    throw ToolError(
      .missingInput, at: folder, "holds no system",
      remedy: "a system is a folder with type.raw and set.*/coord.npy (or coord.raw)")
  }
  return try found.map { folder in
    let names = try folderContents(at: folder)
    return names.contains { $0.hasPrefix("set.") } || !names.contains("coord.raw")
      ? try FolderSystem(place: folder).readSystem()
      : try RawFolderSystem(place: folder).readSystem()
  }
}

/// The folders with a type.raw in `folder`, itself included, sorted; links are followed once.
private func systemFolders(in folder: String, above: Set<String>) throws -> [String] {
  let real = URL(filePath: folder).resolvingSymlinksInPath().path
  guard !above.contains(real) else { return [] }
  let names = try folderContents(at: folder).sorted()
  var found = names.contains("type.raw") ? [folder] : []
  for name in names where !name.hasPrefix("set.") {
    let inner = folder.hasSuffix("/") ? "\(folder)\(name)" : "\(folder)/\(name)"
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: inner, isDirectory: &isFolder),
      isFolder.boolValue
    else { continue }
    found += try systemFolders(in: inner, above: above.union([real]))
  }
  return found
}
