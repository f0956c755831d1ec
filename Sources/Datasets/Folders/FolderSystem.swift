import Files
import Foundation

/// A system as a folder of `set.*` folders with `.npy` files.
struct FolderSystem: SystemTree {
  let place: String

  func names() throws -> [String] {
    try visibleContents(at: place).filter { name in
      // A packed set such as set.000.tar.gz is no set.
      isFolder("\(place)/\(name)") || !name.hasPrefix("set.")
    }
  }

  func arrayNames(inSet set: String) throws -> [String] {
    try visibleContents(at: "\(place)/\(set)").filter { $0.hasSuffix(".npy") }.map {
      String($0.dropLast(4))
    }
  }

  func place(ofArray name: String, inSet set: String) -> String { "\(place)/\(set)/\(name).npy" }

  func types() throws -> [Int] { try readTypes(inFolder: place) }

  func typeNames() throws -> [String] { try readTypeNames(inFolder: place) }

  func array(_ name: String, inSet set: String) throws -> NumericArray {
    try readNPY(at: place(ofArray: name, inSet: set))
  }
}

/// A system as a folder of `.raw` text files with one frame per line; DeePMD-kit's raw data are
/// such folders.
///
/// The files count as one set.
struct RawFolderSystem: SystemTree {
  let place: String

  func names() throws -> [String] { try visibleContents(at: place) + ["set.raw"] }

  func arrayNames(inSet set: String) throws -> [String] {
    // dpdata writes bonds and formal_charges; they do not belong to frames.
    let others = ["type.raw", "type_map.raw", "bonds.raw", "formal_charges.raw"]
    return try visibleContents(at: place).filter { $0.hasSuffix(".raw") && !others.contains($0) }
      .map { String($0.dropLast(4)) }
  }

  func place(ofArray name: String, inSet set: String) -> String { "\(place)/\(name).raw" }

  func types() throws -> [Int] { try readTypes(inFolder: place) }

  func typeNames() throws -> [String] { try readTypeNames(inFolder: place) }

  func array(_ name: String, inSet set: String) throws -> NumericArray {
    let path = place(ofArray: name, inSet: set)
    return try decodeTextArray(contents(ofFile: path), place: path)
  }
}

/// The names in the folder at `path` that do not begin with a dot; file systems and editors create
/// such hidden files.
private func visibleContents(at path: String) throws -> [String] {
  try folderContents(at: path).filter { !$0.hasPrefix(".") }
}

/// Reads the types in `type.raw` of `folder`.
private func readTypes(inFolder folder: String) throws -> [Int] {
  let path = "\(folder)/type.raw"
  return try wordsByLine(contents(ofFile: path)).flatMap { try integers($0, at: path) }
}

/// Reads the names in `type_map.raw` of `folder`.
private func readTypeNames(inFolder folder: String) throws -> [String] {
  try wordsByLine(contents(ofFile: "\(folder)/type_map.raw")).flatMap { $0.map(String.init) }
}
