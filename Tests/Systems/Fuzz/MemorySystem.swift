import Datasets
import Diagnostics
import Files

/// A system whose files are in memory, by their paths in its folder: `type.raw`,
/// `set.000/coord.npy`, `coord.raw`.
struct MemorySystem: SystemTree {
  let files: [String: [UInt8]]
  /// Whether arrays are text files beside `type.raw`, not NumPy's in sets.
  let isText: Bool

  var place: String { "system" }

  func names() -> [String] {
    let folders = Set(files.keys.compactMap { $0.split(separator: "/").first.map(String.init) })
    return folders.sorted() + (isText ? ["set.raw"] : [])
  }

  func arrayNames(inSet set: String) -> [String] {
    let (start, ending) = isText ? ("", ".raw") : ("\(set)/", ".npy")
    return files.keys.filter { $0.hasPrefix(start) && $0.hasSuffix(ending) }
      .filter { !["type.raw", "type_map.raw"].contains($0) }
      .map { String($0.dropFirst(start.count).dropLast(ending.count)) }
  }

  func place(ofArray name: String, inSet set: String) -> String {
    isText ? "\(name).raw" : "\(set)/\(name).npy"
  }

  func types() throws -> [Int] {
    try wordsByLine(contents("type.raw")).flatMap { try integers($0, at: "type.raw") }
  }

  func typeNames() throws -> [String] {
    wordsByLine(try contents("type_map.raw")).flatMap { $0.map(String.init) }
  }

  func array(_ name: String, inSet set: String) throws -> NumericArray {
    let path = place(ofArray: name, inSet: set)
    return isText
      ? try decodeTextArray(contents(path), place: path)
      : try decodeNPY(contents(path), place: path)
  }

  private func contents(_ name: String) throws -> [UInt8] {
    guard let bytes = files[name] else { throw ToolError(.missingInput, at: name, "no such file") }
    return bytes
  }
}
