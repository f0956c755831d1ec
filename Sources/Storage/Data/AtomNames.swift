import Atoms
import Diagnostics
import Foundation

/// Which atoms a structure has, in order, without where they are.
public struct AtomNames: Sendable, Equatable {
  /// Where it was read, for messages.
  public let place: String
  /// The element of each atom.
  public let names: [String]
  /// Whether the structure says that it is periodic, or that it is not; nil if it does not say.
  public let isPeriodic: Bool?
}

/// The atoms of the structures at `path`, each once: a data set of any kind, or an XYZ file, extended or plain.
///
/// Throws `.missingInput` if there is none, `.data` if it is damaged or names no elements.
public func readAtomNames(at path: String) throws -> [AtomNames] {
  var isFolder: ObjCBool = false
  let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
  if exists && !isFolder.boolValue, try !isHDF5(path) { return try readXYZ(at: path) }
  return try readSystems(at: path).map { system in
    guard let names = system.typeNames, system.frameTypes == nil else {
      throw ToolError(
        .data, at: system.place,
        system.frameTypes == nil
          ? "names no elements" : "has other types in each frame (real_atom_types)",
        remedy: "give a structure whose elements are named, such as an XYZ file")
    }
    return AtomNames(
      place: system.place, names: system.types.map { names[$0] }, isPeriodic: system.isPeriodic)
  }
}

/// The frames of an XYZ file that differ in their atoms; any second line will do.
private func readXYZ(at path: String) throws -> [AtomNames] {
  let text = String(decoding: try contents(ofFile: path), as: UTF8.self)
  let lines = text.utf8.split(separator: 10, omittingEmptySubsequences: false)
  var found: [AtomNames] = [], next = 0
  while next < lines.count {
    let head = words(lines[next])
    if head.isEmpty {
      next += 1
      continue
    }
    let place = "\(path), line \(next + 1)"
    guard head.count == 1, let count = Int(head[0]), count > 0, count <= lines.count - next - 2
    else {
      throw ToolError(
        .data, at: place,
        "'\(Substring(lines[next]).prefix(60))' found, expected the number of atoms that follow",
        remedy: "give an XYZ file, a folder with type.raw or an HDF5 file")
    }
    let header = try ExtendedXYZHeader(Substring(lines[next + 1]), place: place)
    let atoms = AtomNames(
      place: path, names: try species(header, lines[next + 2..<next + 2 + count], place),
      isPeriodic: try periodicity(header))
    if !found.contains(atoms) { found.append(atoms) }
    next += 2 + count
  }
  guard !found.isEmpty else { throw ToolError(.data, at: path, "holds no structure") }
  return found
}

private func species(
  _ header: ExtendedXYZHeader, _ lines: ArraySlice<Substring.UTF8View>, _ place: String
) throws -> [String] {
  let column = header.columns.prefix { $0.name != "species" }.reduce(0) { $0 + $1.count }
  return try lines.enumerated().map { atom, line in
    let words = words(line)
    guard column < words.count else {
      throw ToolError(.data, at: "\(place), atom \(atom)", "has no element")
    }
    return String(words[column])
  }
}

/// What the second line says about periodicity.  A file without a cell says nothing: a server may have one.
private func periodicity(_ header: ExtendedXYZHeader) throws -> Bool? {
  let cell = try header.cell()
  return header.values["pbc"] == nil && cell == nil ? nil : cell != nil
}
