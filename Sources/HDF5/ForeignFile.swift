import CHDF5
import Diagnostics
import Glibc
import Synchronization

/// HDF5 files without a seal: files of other programs, and files of this program that carry none.
///
/// libhdf5 is not safe against damage; with some files, 1.10.8 reads and writes beyond its memory.
/// So a program sets a trial for such files: a tool tries them in a separate process (`Toolkit`),
/// where a crash does no harm.  Without a trial, as in a test or in a library that another program
/// has loaded, files are opened directly.
public enum ForeignFile {
  /// Throws `.data` unless `group` of the file at `path`, with all its content, can be read safely.
  public typealias Trial = @Sendable (_ path: String, _ group: String) throws -> Void

  private static let trial = Mutex<Trial?>(nil)

  /// Makes `trial` decide which foreign files are opened.
  public static func use(_ trial: @escaping Trial) {
    ForeignFile.trial.withLock { $0 = trial }
  }

  /// Makes libhdf5 free memory at once instead of keeping it, so that a checking allocator sees
  /// every block; for a process that only tries files.
  public static func keepNoMemory() { H5set_free_list_limits(0, 0, 0, 0, 0, 0) }

  /// The attributes of groups that readers ask for by name; they ask for no attributes of datasets.
  static let attributesAskedFor: Set = [
    "json", "format", "settings", "data_sha256", "content_sha256", "systems_sha256", "sealed",
    "tool",
  ]

  /// Runs the trial, if there is one.
  static func check(_ path: String, _ group: String) throws {
    try trial.withLock { $0 }?(path, group)
  }
}

/// Whether the file at `path` exists and may be read.
func isReadable(_ path: String) -> Bool { access(path, R_OK) == 0 }

extension HDF5File {
  /// Tries the file at `path`, and opens it in order to read `group` and its content.
  ///
  /// Throws the errors of `init(reading:)`, and `.data` if the trial fails.
  public init(readingForeign path: String, group: String = "/") throws {
    guard isReadable(path) else { throw HDF5File.missing(path) }
    try ForeignFile.check(path, group)
    try self.init(reading: path)
  }

  /// Makes the error about a file that `isReadable` denies.
  static func missing(_ path: String) -> ToolError {
    ToolError(.missingInput, at: path, "cannot be read: no such file, or no permission")
  }

  /// Reads the whole content of `group`, and the attributes of all groups in it and above it.
  ///
  /// Errors are ignored, since this is the trial itself: the process survives it or not.  It calls
  /// libhdf5 as the readers of this package do.  Plain numbers in one block are read at their end
  /// only, because they are copied unchanged and cannot mislead the library.
  ///
  /// Throws `.data` if a group cannot be listed; readers, which know names, could then reach
  /// content that was not tried.
  public func readEverything(in group: String = "/") throws {
    var prefix = "/"
    readAttributes(of: prefix)
    for part in group.split(separator: "/").dropLast() {
      prefix += "\(part)/"
      readAttributes(of: prefix)
    }
    guard (try? kind(of: group)) == .group else { return }  // a reader reports that
    var seen: Set<[UInt64]> = []
    try readMembers(of: group, depth: 0, &seen)
  }

  /// `seen` holds the groups that need no second visit under another name, because links may form
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
    // A damaged object may hide attributes from its list that can still be found by name.
    let listed = (try? attributes(of: group)) ?? []
    for name in Set(listed).union(ForeignFile.attributesAskedFor).sorted() {
      _ = try? stringAttribute(name, of: group)
    }
  }
}
