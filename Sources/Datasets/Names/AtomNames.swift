import Atoms
import Diagnostics
import Files
import Foundation

/// The elements of a structure's atoms in order, without positions.
public struct AtomNames: Sendable, Equatable {
  /// The place of the structure, for messages.
  public let place: String
  /// The element of each atom.
  public let names: [String]
  /// Whether the structure says that it is periodic or that it is not; nil if it says neither.
  public let isPeriodic: Bool?
}

/// The atoms of the structures at `path`, each list once: in a data set of any format, or in an XYZ
/// file, extended or plain.
///
/// Throws `.missingInput` if there is nothing at `path`, `.data` if the file is damaged or names no
/// elements.
public func readAtomNames(at path: String) throws -> [AtomNames] {
  if FileManager.default.fileExists(atPath: path), !isFolder(path), try !isHDF5(path) {
    let bytes = try contents(ofFile: path)
    return isLAMMPS(bytes)
      ? try atomNames(of: decodeLAMMPS(bytes, place: path).systems)
      : try readXYZ(bytes, path)
  }
  return try atomNames(of: readSystems(at: path))
}

private func atomNames(of systems: [AtomicSystem]) throws -> [AtomNames] {
  try systems.map { system in
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

/// The frames of an XYZ file whose atoms differ.
private func readXYZ(_ bytes: [UInt8], _ path: String) throws -> [AtomNames] {
  var found: [AtomNames] = []
  for block in try XYZBlock.all(in: bytes, path: path) {
    let names = try block.atoms.enumerated().map { atom, line in
      try block.header.element(words(line), "\(block.header.place), atom \(atom)")
    }
    let atoms = AtomNames(
      place: path, names: names, isPeriodic: try periodicity(block.header))
    if !found.contains(atoms) { found.append(atoms) }
  }
  return found
}

/// The periodicity that the second line states.  A file without a cell states none, because a
/// server may have the cell.
private func periodicity(_ header: ExtendedXYZHeader) throws -> Bool? {
  switch try header.statedCell() {
  case .rows: true
  case .isolated: false
  case .unstated: nil
  }
}
