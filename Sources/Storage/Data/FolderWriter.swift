import Atoms
import Diagnostics
import Foundation

/// Writes `systems` as npy folders below the folder `path`, one each; returns their names.
///
/// The folder is built beside its place and renamed when it is whole.  What is at `path` must be
/// an empty folder, or, if `replacing`, one that holds nothing but systems.
/// Throws `ToolError`: `.cannotCreate` or `.io`.
@discardableResult
public func writeSystems(
  _ systems: [AtomicSystem], toFolder path: String, replacing: Bool = false
) throws -> [String] {
  let files = FileManager.default
  let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  let exists = files.fileExists(atPath: path)
  try requireReplaceable(path, replacing: replacing)
  let names = systemNames(systems)
  let temporary = "\(path).\(getpid()).tmp", old = "\(path).\(getpid()).old"
  defer { try? files.removeItem(atPath: temporary) }
  for (name, system) in zip(names, systems) { try write(system, toFolder: "\(temporary)/\(name)") }
  do {
    if exists { try files.moveItem(atPath: path, toPath: old) }
    try files.moveItem(atPath: temporary, toPath: path)
    if exists { try files.removeItem(atPath: old) }
  } catch {
    throw ToolError(.cannotCreate, at: path, "cannot be created: \(error.localizedDescription)")
  }
  return names
}

private func write(_ system: AtomicSystem, toFolder folder: String) throws {
  try createFolder(folder)
  let types = system.frameTypes == nil ? system.types : system.types.map { _ in 0 }
  try writeWhole(types.map { "\($0)\n" }.joined(), to: "\(folder)/type.raw")
  if let names = system.typeNames {
    try writeWhole(names.map { "\($0)\n" }.joined(), to: "\(folder)/type_map.raw")
  }
  if !system.isPeriodic { try writeWhole("", to: "\(folder)/nopbc") }
  for set in system.sets {
    try createFolder("\(folder)/\(set.name)")
    for (name, array, isInteger) in system.arrays(of: set.frames) {
      if isInteger { _ = try array.integers(at: "\(system.place), \(name)") }
      try writeWhole(
        encodeNPY(array, integers: isInteger), to: "\(folder)/\(set.name)/\(name).npy")
    }
  }
}

private func createFolder(_ path: String) throws {
  do {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  } catch {
    throw ToolError(.cannotCreate, at: path, "cannot be created: \(error.localizedDescription)")
  }
}

/// Throws `.cannotCreate` if there is something at `path` that `writeSystems(_:toFolder:)` would refuse
/// to replace, for tools that compute long before they write.
public func requireReplaceable(_ path: String, replacing: Bool) throws {
  guard FileManager.default.fileExists(atPath: path) else { return }
  let error = ToolError(
    .cannotCreate, at: path, "exists already and is not an empty folder",
    remedy: "give the name of a new folder, or remove this one first")
  var isFolder: ObjCBool = false
  guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
  else { throw error }
  let known = ["type.raw", "type_map.raw", "nopbc"]
  for case let name as String in FileManager.default.enumerator(atPath: path) ?? .init() {
    var isInner: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &isInner)
    let last = name.split(separator: "/").last.map(String.init) ?? name
    let isOurs = isInner.boolValue || known.contains(last) || last.hasSuffix(".npy")
    guard replacing && isOurs else { throw error }
  }
}
