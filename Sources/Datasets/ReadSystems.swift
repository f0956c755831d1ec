import Atoms
import Diagnostics
import Files
import Foundation

/// Reads the systems at `path`.
///
/// `path` is a folder (a system, or folders of systems at any depth), an HDF5 file, a group in one
/// (`file.h5#/group`), an extended XYZ file, or a dump or data file of LAMMPS.  Folders are read in
/// the order of their names.  All data are checked (`AtomicSystem.validated`); `options` supply
/// what the files leave open.  Throws `ToolError`: `.missingInput` if there is nothing at `path`,
/// `.data` if the data are wrong.
public func readSystems(
  at path: String, _ options: ReadingOptions = ReadingOptions()
) throws -> [AtomicSystem] {
  var cache = DataCache(limit: 0)
  return try openSystems(at: path, cache: &cache, options).map { try $0.whole() }
}

/// Opens the systems at `path`, and gives the notes of their readers; see below.
public func openSystems(
  at path: String, cache: inout DataCache, _ options: ReadingOptions = ReadingOptions()
) throws -> [OpenSystem] {
  var opener = SystemOpener(cache: cache, options: options)
  defer { cache = opener.cache }
  return try opener.systems(at: path)
}

/// Opens the systems at all `paths`, in order, as `readSystems` does; but frames are read when they
/// are needed.
///
/// Data files of this program stay on the disk if `cache` has no room for them; all other data are
/// read at once.  Throws all errors at once, also if no file has a label that `options` name;
/// errors in data on the disk are thrown when frames are read.
public func openSystems(
  at paths: [String], cache: inout DataCache, _ options: ReadingOptions = ReadingOptions()
) throws -> [OpenSystem] {
  var opener = SystemOpener(cache: cache, options: options)
  defer { cache = opener.cache }
  let systems = try collectingErrors(paths) { try opener.systems(at: $0) }.flatMap(\.self)
  try options.requireFound(systems.map(\.notes), in: paths)
  return systems
}

/// Opens systems; a file that several paths name is opened once.
private struct SystemOpener {
  var cache: DataCache
  private let options: ReadingOptions
  private var files: [String: IndexedFile] = [:]

  init(cache: DataCache, options: ReadingOptions) {
    self.cache = cache
    self.options = options
  }

  mutating func systems(at path: String) throws -> [OpenSystem] {
    if FileManager.default.fileExists(atPath: path) {
      if isFolder(path) {
        return try keep(readSystems(inFolder: path)).map { try $0.reading(options) }
      }
      if try isHDF5(path) {
        return try systems(fromHDF5: path, group: "").map { try $0.reading(options) }
      }
      let (systems, notes) = try readText(at: path, options)
      return keep(systems, notes)
    }
    guard let mark = path.firstIndex(of: "#") else { throw missing(path) }
    // The slashes before and after the group may be missing.
    let group = path[path.index(after: mark)...].split(separator: "/").map { "/\($0)" }.joined()
    return try systems(fromHDF5: String(path[..<mark]), group: group).map {
      try $0.reading(options)
    }
  }

  private mutating func systems(fromHDF5 path: String, group: String) throws -> [OpenSystem] {
    if files[path] == nil { files[path] = try IndexedFile(path, cache: &cache) }
    if let found = try files[path]?.systems(in: group) { return found }
    return keep(try readSystems(fromHDF5: path, group: group))
  }

  /// Keeps systems that are in memory.
  private mutating func keep(
    _ systems: [AtomicSystem], _ notes: ReadingNotes = ReadingNotes()
  ) -> [OpenSystem] {
    for system in systems { cache.force(system.byteCount) }
    return systems.map { system in
      var opened = OpenSystem(system)
      opened.notes = notes
      return opened
    }
  }
}

/// Reads a text file; its content tells the format.
private func readText(
  at path: String, _ options: ReadingOptions
) throws -> (systems: [AtomicSystem], notes: ReadingNotes) {
  let bytes = try contents(ofFile: path)
  return isLAMMPS(bytes)
    ? try decodeLAMMPS(bytes, place: path, options)
    : try decodeExtendedXYZ(bytes, place: path, options)
}

/// Makes the error about a path where there is nothing.
private func missing(_ path: String) -> ToolError {
  ToolError(
    .missingInput, at: path, "no such file or folder",
    remedy: "give a folder with type.raw, an HDF5 file or an extended XYZ file")
}

extension AtomicSystem {
  /// The bytes of the numbers of all frames.
  fileprivate var byteCount: Int {
    let numbers = positions.count + cells.count + types.count + (frameTypes?.count ?? 0)
    return 8 * labels.values.reduce(numbers) { $0 + $1.count }
  }
}

/// Whether the search for systems skips `name`: a set, or a hidden file.
func isSetOrHidden(_ name: String) -> Bool { name.hasPrefix("set.") || name.hasPrefix(".") }

/// Whether the file at `path` begins like an HDF5 file.
func isHDF5(_ path: String) throws -> Bool {
  var status = stat()
  // A pipe cannot be read twice.
  if stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG { return false }
  return try FileBytes(path).start(8) == [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
}

/// Reads every system in `folder` and below it.
private func readSystems(inFolder folder: String) throws -> [AtomicSystem] {
  let folder = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
  let found = try systemFolders(in: folder, above: [])
  guard !found.isEmpty else {
    if try folderContents(at: folder).contains("data.mdb") { throw refusalOfLMDB(folder) }
    throw ToolError(
      .missingInput, at: folder, "holds no system",
      remedy: "a system is a folder with type.raw and set.*/coord.npy (or coord.raw)")
  }
  return try collectingErrors(found) { folder in
    let names = try folderContents(at: folder)
    return names.contains { $0.hasPrefix("set.") } || !names.contains("coord.raw")
      ? try FolderSystem(place: folder).readSystem()
      : try RawFolderSystem(place: folder).readSystem()
  }
}

/// The folders with a type.raw below `folder` or in it, sorted; each link is followed once.
private func systemFolders(in folder: String, above: Set<String>) throws -> [String] {
  let real = URL(filePath: folder).resolvingSymlinksInPath().path
  guard !above.contains(real) else { return [] }
  let names = try folderContents(at: folder).sorted()
  var found = names.contains("type.raw") ? [folder] : []
  for name in names where !isSetOrHidden(name) {
    let inner = folder.hasSuffix("/") ? "\(folder)\(name)" : "\(folder)/\(name)"
    guard isFolder(inner) else { continue }
    found += try systemFolders(in: inner, above: above.union([real]))
  }
  return found
}
