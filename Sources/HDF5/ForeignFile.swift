import CHDF5
import Diagnostics
import Foundation
import Synchronization

/// HDF5 files that nothing vouches for: those of other programs, and those of ours that carry no
/// seal.
///
/// libhdf5 is not safe against damage; 1.10.8 reads and writes beyond its memory with some files.
/// A program therefore says how such a file is tried first: a tool does so in a process of its own
/// (`Toolkit`), where a crash does no harm.  Where nobody says so, in a test or in a library that
/// another program has loaded, files are opened directly.
public enum ForeignFile {
  /// Throws `.data` unless `group` of the file at `path`, and all that is in it, can be read
  /// safely.
  public typealias Trial = @Sendable (_ path: String, _ group: String) throws -> Void

  private static let trial = Mutex<Trial?>(nil)

  /// From now on `trial` decides which foreign files are opened.
  public static func use(_ trial: @escaping Trial) {
    ForeignFile.trial.withLock { $0 = trial }
  }

  /// Lets libhdf5 give memory back at once, which it otherwise keeps for later: whatever checks
  /// memory then sees every block of it.  For a process that only tries files.
  public static func keepNoMemory() { H5set_free_list_limits(0, 0, 0, 0, 0, 0) }

  /// The attributes of groups that readers ask for by name; of datasets they ask for none.
  static let attributesAskedFor: Set = [
    "json", "format", "settings", "data_sha256", "content_sha256", "systems_sha256", "sealed",
    "tool",
  ]

  /// Asks the trial, if there is one.
  static func check(_ path: String, _ group: String) throws {
    try trial.withLock { $0 }?(path, group)
  }
}

extension HDF5File {
  /// Opens the file at `path`, of which `group` and what is in it is to be read, after its trial.
  ///
  /// Throws what `init(reading:)` throws, and `.data` if it fails the trial.
  public init(readingForeign path: String, group: String = "/") throws {
    guard FileManager.default.isReadableFile(atPath: path) else { throw HDF5File.missing(path) }
    try ForeignFile.check(path, group)
    try self.init(reading: path)
  }

  /// The error of a file that is not there.
  static func missing(_ path: String) -> ToolError {
    ToolError(.missingInput, at: path, "cannot be read: no such file, or no permission")
  }

  /// Reads all that is in `group`, and the attributes of all groups there and above, and forgets
  /// it.
  ///
  /// What cannot be read is passed over: this is the trial itself, which a process survives or not.
  /// It calls libhdf5 as the readers of this package do.  Plain numbers in one block are read at
  /// their end only: they are copied as they are, so nothing in them can lead the library astray.
  ///
  /// Throws `.data` if a group cannot be listed: readers, which know names, would get to what was
  /// not tried.
  public func readEverything(in group: String = "/") throws {
    var prefix = "/"
    readAttributes(of: prefix)
    for part in group.split(separator: "/").dropLast() {
      prefix += "\(part)/"
      readAttributes(of: prefix)
    }
    guard (try? kind(of: group)) == .group else { return }  // a reader says so
    var seen: Set<[UInt64]> = []
    try readMembers(of: group, depth: 0, &seen)
  }

  /// `seen` holds the groups that need not be entered again by another name: links may go in
  /// circles.
  private func readMembers(
    of group: String, depth: Int, _ seen: inout Set<[UInt64]>
  ) throws {
    var address: [UInt64] = [0, 0]
    guard depth < 64, chdf5_object_address(id, group, &address) >= 0, seen.insert(address).inserted
    else { return }
    readAttributes(of: group)
    let parent = group.hasSuffix("/") ? group : group + "/"
    for member in try members(of: group) {
      let path = parent + member.name
      if member.kind == .group {
        try readMembers(of: path, depth: depth + 1, &seen)
      } else {
        readDataset(path)
      }
    }
  }

  private func readDataset(_ name: String) {
    guard let dataset = try? OpenDataset(name, in: self) else { return }
    if case .string = dataset.type { _ = try? dataset.strings() }
    guard dataset.type.isNumeric else { return }
    var rows: Range<Int>?
    if let count = dataset.shape.first, count > 0, dataset.isOneBlock {
      rows = count - 1..<count
    }
    _ = try? dataset.doubles(rows)
    if dataset.type == .float(bytes: 4) { _ = try? dataset.floats(rows) }
    if dataset.type.isIntegral { _ = try? dataset.integers(rows) }
    if dataset.type == .boolean { _ = try? dataset.booleans() }
  }

  private func readAttributes(of group: String) {
    // A damaged object may hide from its list what asking by name still finds.
    let listed = (try? attributes(of: group)) ?? []
    for name in Set(listed).union(ForeignFile.attributesAskedFor).sorted() {
      _ = try? stringAttribute(name, of: group)
    }
  }
}
