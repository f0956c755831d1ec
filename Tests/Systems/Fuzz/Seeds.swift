import Diagnostics
import Foundation

/// The whole files that damaged ones are made of.
struct Seeds {
  /// Files by their paths in a folder; a seed that is one file has one, whose path is its name.
  typealias Files = [String: [UInt8]]

  private let seeds: [Files]
  private let reader: Reader
  private let seed: UInt64

  /// Takes every file and every folder in `folder`, in the order of their names.
  init(_ folder: String, for reader: Reader, seed: UInt64) throws {
    self.reader = reader
    self.seed = seed
    let files = FileManager.default
    seeds = try files.contentsOfDirectory(atPath: folder).sorted().map { name in
      let path = "\(folder)/\(name)"
      var isFolder: ObjCBool = false
      _ = files.fileExists(atPath: path, isDirectory: &isFolder)
      guard isFolder.boolValue else { return [name: try Self.bytes(path)] }
      return try files.subpathsOfDirectory(atPath: path).reduce(into: Files()) { found, name in
        if !name.hasPrefix("set.") || name.contains("/") {
          found[name] = try Self.bytes("\(path)/\(name)")
        }
      }
    }
    guard !seeds.isEmpty else { throw ToolError(.missingInput, at: folder, "holds no seeds") }
  }

  /// Case number `index`: the first ones are the seeds as they are, the others one of them with one
  /// file damaged.
  func files(ofCase index: Int) -> Files {
    if index < seeds.count { return seeds[index] }
    var mutator = Mutator(
      seed: seed, case: UInt64(index), tokens: reader.tokens, isBinary: reader.isBinary)
    var files = seeds[mutator.index(below: seeds.count)]
    let name = files.keys.sorted()[mutator.index(below: files.count)]
    let other = seeds[mutator.index(below: seeds.count)]
    let otherName = other.keys.sorted()[mutator.index(below: other.count)]
    files[name] = mutator.damage(files[name] ?? [], with: other[otherName] ?? [])
    return files
  }

  private static func bytes(_ path: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ToolError(.missingInput, at: path, "cannot be read")
    }
    return Array(data)
  }
}
