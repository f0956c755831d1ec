import Atoms
import Diagnostics
import Files
import Foundation
import HDF5

/// The attribute of a system's group with its `contentDigest`.
let digestAttribute = "content_sha256"
/// The attribute of the root that promises a digest for every system in the file.
let formatAttribute = "format"
/// The attribute of the root with the `listDigest` of the systems in a file of this program.
let listAttribute = "systems_sha256"
/// The value of `formatAttribute`.
let dataFormat = "deep-potential data 1"

/// An open HDF5 file that several systems share.
private final class DataFile {
  let file: HDF5File
  let path: String

  /// The number of groups that may still be entered.
  private var groupsLeft: Int

  init(_ file: consuming HDF5File, path: String, size: Int) {
    self.file = file
    self.path = path
    // A group takes more than 32 bytes.  The limit ends the search where links lead to one group on
    // more and more ways.
    groupsLeft = 100 + size / 32
  }

  /// Whether dp-convert wrote the file.
  var isOurs: Bool {
    get throws { try file.stringAttribute(formatAttribute, of: "/") == dataFormat }
  }

  /// The groups with a type.raw below `group` or in it, in the order of their names.
  func systems(in group: String) throws -> [HDF5System] {
    let members = try file.members(of: group.isEmpty ? "/" : group)
    var found: [HDF5System] = []
    if members.contains(where: { $0.name == "type.raw" && $0.kind == .dataset }) {
      found.append(HDF5System(file: self, group: group))
    }
    for member in members where member.kind == .group && !isSetOrHidden(member.name) {
      // The limit ends the search where a link leads back to a group above.
      guard group.utf8.count(where: { $0 == UInt8(ascii: "/") }) < 16 else {
        throw ToolError(.data, at: "\(path)#\(group)", "is nested deeper than 16 groups")
      }
      groupsLeft -= 1
      guard groupsLeft > 0 else {
        throw ToolError(.data, at: path, "has more groups than bytes for them: links go in circles")
      }
      found += try systems(in: "\(group)/\(member.name)")
    }
    return found
  }
}

/// Reads the systems in `group` of the HDF5 file at `path`: the group itself and all groups below
/// it.
///
/// `group` is the text after `#`, with or without slashes before and after it.  A system that has a
/// digest is compared with it.  Throws `ToolError`: `.missingInput` if there is no such file or
/// group, `.data` for damaged data.
package func readSystems(fromHDF5 path: String, group: String) throws -> [AtomicSystem] {
  let file = try SealedFile.open(path, group: group.isEmpty ? "/" : group)
  let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
  return try readSystems(from: file, path: path, size: size, group: group)
}

/// Reads the systems in `group` (empty: the root) of an open file of `size` bytes, as above.
package func readSystems(
  from file: consuming HDF5File, path: String, size: Int, group: String
) throws -> [AtomicSystem] {
  let file = DataFile(file, path: path, size: size)
  guard try group.isEmpty || file.file.kind(of: group) == .group else {
    let names = try file.file.members(of: "/").filter { $0.kind == .group }.map(\.name)
    let list = names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", …" : "")
    throw ToolError(
      .missingInput, at: "\(path)#\(group)", "no such group; the file has: \(list)",
      remedy: "address a system as file.h5#/group")
  }
  let found = try file.systems(in: group)
  guard !found.isEmpty else {
    throw ToolError(
      .data, at: group.isEmpty ? path : "\(path)#\(group)", "holds no system",
      remedy: "a system is a group with type.raw and set.*/coord.npy, as dp-convert writes it")
  }
  var digests: [(String, String)] = []
  let systems = try collectingErrors(found) { tree in
    let (system, digest) = try tree.readVerifiedSystem()
    digests.append((String(tree.group.dropFirst()), digest ?? ""))
    return system
  }
  // Without this check, a damaged name would make a system disappear silently.
  guard
    try !group.isEmpty || !file.isOurs
      || file.file.stringAttribute(listAttribute, of: "/") == listDigest(digests)
  else {
    throw ToolError(
      .data, at: path, "is damaged: it does not hold the systems it was written with",
      remedy: "make the file again with dp-convert")
  }
  return systems
}

/// The SHA-256 of a text with a sorted line for each system: its group's name and its content
/// digest.
func listDigest(_ systems: [(name: String, digest: String)]) -> String {
  Digest.sha256(Array(systems.map { "\($0.name) \($0.digest)\n" }.sorted().joined().utf8))
}

/// A system as a group of an HDF5 file.
private struct HDF5System: SystemTree {
  let file: DataFile
  /// The group's absolute name; empty for the root.
  let group: String

  var place: String { group.isEmpty ? file.path : "\(file.path)#\(group)" }

  func names() throws -> [String] {
    try file.file.members(of: group.isEmpty ? "/" : group).filter { member in
      !member.name.hasPrefix(".") && (member.kind == .group || !member.name.hasPrefix("set."))
    }.map(\.name)
  }

  func arrayNames(inSet set: String) throws -> [String] {
    try file.file.members(of: "\(group)/\(set)").map(\.name)
      .filter { $0.hasSuffix(".npy") && !$0.hasPrefix(".") }
      .map { String($0.dropLast(4)) }
  }

  func place(ofArray name: String, inSet set: String) -> String {
    "\(file.path)#\(group)/\(set)/\(name).npy"
  }

  func types() throws -> [Int] { try file.file.integers("\(group)/type.raw") }

  func typeNames() throws -> [String] { try file.file.strings("\(group)/type_map.raw") }

  func array(_ name: String, inSet set: String) throws -> NumericArray {
    let (values, shape, _) = try file.file.array("\(group)/\(set)/\(name).npy")
    return NumericArray(shape: shape, values: values)
  }

  /// Reads the system and compares it with its digest; gives the digest too if there is one.
  func readVerifiedSystem() throws -> (AtomicSystem, digest: String?) {
    let system = try readSystem()
    let group = group.isEmpty ? "/" : group
    let expected = try file.file.stringAttribute(digestAttribute, of: group)
    if try expected == nil && !file.isOurs { return (system, nil) }
    guard system.contentDigest == expected else {
      throw ToolError(
        .data, at: place, "is damaged: its content does not have the SHA-256 stored with it",
        remedy: "make the file again with dp-convert")
    }
    return (system, expected)
  }
}
