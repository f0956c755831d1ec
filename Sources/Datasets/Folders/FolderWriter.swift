import Atoms
import CMachine
import Diagnostics
import Files
import Foundation

/// Writes `systems` as npy folders, one each, below the folder `path`; returns their names.
///
/// The folder is written beside its place and renamed when it is complete.  If there is something
/// at `path`, it must be an empty folder, or, if `replacing`, one that holds only systems.  Throws
/// `ToolError`: `.cannotCreate` or `.io`.
@discardableResult
public func writeSystems(
  _ systems: [AtomicSystem], toFolder path: String, replacing: Bool = false
) throws -> [String] {
  let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  try requireReplaceable(path, replacing: replacing)
  removeLeftovers(of: path)
  let names = systemNames(systems), temporary = temporaryName(for: path)
  // A file of this name is left from an earlier process with the same process number.
  try? FileManager.default.removeItem(atPath: temporary)
  defer { try? FileManager.default.removeItem(atPath: temporary) }
  try makeFolder(temporary)
  let descriptor = open(temporary, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  flock(descriptor, LOCK_EX | LOCK_NB)
  defer { close(descriptor) }
  for (name, system) in zip(names, systems) { try write(system, toFolder: "\(temporary)/\(name)") }
  try put(temporary, inPlaceOf: path)
  try flushFolder(of: path)
  return names
}

/// Renames the folder `temporary` to `path`; the previous folder gets the other name, or is
/// removed.
private func put(_ temporary: String, inPlaceOf path: String) throws {
  // This suffices if there is nothing at `path`, or an empty folder.
  if rename(temporary, path) == 0 { return }
  guard errno == ENOTEMPTY || errno == EEXIST else { throw cannotCreate(path) }
  if cmachine_exchange_names(temporary, path) == 0 { return }
  guard errno == EINVAL || errno == ENOSYS else { throw cannotCreate(path) }
  // This file system cannot exchange names, so for a moment there is nothing at `path`.
  let old = "\(temporary).old"
  guard rename(path, old) == 0, rename(temporary, path) == 0 else { throw cannotCreate(path) }
  try? FileManager.default.removeItem(atPath: old)
}

private func write(_ system: AtomicSystem, toFolder folder: String) throws {
  try makeFolder(folder)
  let types = system.frameTypes == nil ? system.types : system.types.map { _ in 0 }
  try writeWhole(types.map { "\($0)\n" }.joined(), to: "\(folder)/type.raw")
  if let names = system.typeNames {
    try writeWhole(names.map { "\($0)\n" }.joined(), to: "\(folder)/type_map.raw")
  }
  if !system.isPeriodic { try writeWhole("", to: "\(folder)/nopbc") }
  for set in system.sets {
    try makeFolder("\(folder)/\(set.name)")
    for (name, array, isInteger) in system.arrays(of: set.frames) {
      if isInteger { _ = try array.integers(at: "\(system.place), \(name)") }
      try writeWhole(
        encodeNPY(array, integers: isInteger), to: "\(folder)/\(set.name)/\(name).npy")
    }
  }
}

/// Throws `.cannotCreate` if `writeSystems(_:toFolder:)` would refuse to replace the content of
/// `path`; tools call it before they compute for long.
public func requireReplaceable(_ path: String, replacing: Bool) throws {
  guard FileManager.default.fileExists(atPath: path) else { return }
  guard isFolder(path) else {
    throw ToolError(
      .cannotCreate, at: path, "exists already and is not a folder",
      remedy: "give the name of a new folder")
  }
  for case let name as String in FileManager.default.enumerator(atPath: path) ?? .init() {
    guard replacing else {
      throw ToolError(
        .cannotCreate, at: path, "exists already and is not an empty folder",
        remedy: "give the name of a new folder, or remove this one first")
    }
    guard isPartOfSystem(name, in: path) else {
      throw ToolError(
        .cannotCreate, at: path, "holds '\(name)', which no tool of ours wrote: not replaced",
        remedy: "give the name of a new folder, or move that away")
    }
  }
}

/// Whether `name` below `folder` could be the work of `writeSystems`, so that it may be replaced.
private func isPartOfSystem(_ name: String, in folder: String) -> Bool {
  let parts = name.split(separator: "/"), last = parts.last ?? ""
  let attributes = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
  switch attributes?[.type] as? FileAttributeType {
  case .typeDirectory: return !last.hasPrefix(".")
  case .typeRegular:
    if ["type.raw", "type_map.raw", "nopbc"].contains(last) { return true }
    return last.hasSuffix(".npy") && parts.dropLast().last?.hasPrefix("set.") == true
  default: return false  // for example a link to data
  }
}
