import Diagnostics
import Files
import Foundation
import Protobuf

/// A model in a file of DeePMD-kit that has not the layout of `.dp`: a graph of TensorFlow (`.pb`),
/// a module or checkpoint of PyTorch (`.pth`, `.pt`, `.pt2`), or YAML.
///
/// The model has the tree that a `.dp` file would have.  Source: docs/FORMATS.md, "Models of
/// other programs".
public struct ForeignModel: Sendable {
  /// The tree; where a `.dp` file names a dataset, this one names an array.
  public let tree: JSONValue
  /// The arrays that the tree names.
  public let arrays: [String: Tensor]

  /// Whether the file that starts with the bytes `head` must be read as a file in HDF5.
  public static func isHDF5(_ head: some Sequence<UInt8>) -> Bool {
    head.starts(with: [0x89, 0x48, 0x44, 0x46])
  }

  /// Reads the model in `bytes`, which messages call `name`; nil if the bytes are of no kind that
  /// is known here.
  ///
  /// Throws `.data` if the file is damaged, or holds something that has no counterpart in this
  /// program.
  public init?(_ bytes: [UInt8], name: String, choice: ModelChoice = ModelChoice()) throws {
    do {
      guard let kind = try ForeignKind(bytes) else { return nil }
      switch kind {
      case .graph:
        self = try Self.readGraph(bytes)
        try choice.refuse()
      case .archive: self = try Self.readArchive(bytes, choice)
      case .yaml:
        self = try Self.readYAML(bytes)
        try choice.refuse()
      }
    } catch let error as Unreadable {
      throw error.error(at: name)
    } catch is ProtobufError {
      throw Unreadable("is a damaged TensorFlow graph").error(at: name)
    }
  }

  /// Reads the model at `path`; nil if the file is in HDF5, or of no kind that is known here.
  ///
  /// Throws `.missingInput`, and the errors of reading bytes.
  public static func read(
    _ path: String, _ choice: ModelChoice = ModelChoice()
  ) throws -> ForeignModel? {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw ToolError(
        .data, at: path, "is a folder, not a model file",
        remedy: "a SavedModel of TensorFlow or JAX holds compiled code: "
          + "\(ForeignKind.conversion)")
    }
    guard let head = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? head.close() }
    guard let start = try? head.read(upToCount: 8), !isHDF5(start) else { return nil }
    return try ForeignModel(contents(ofFile: path), name: path, choice: choice)
  }

  init(tree: JSONValue, arrays: [String: Tensor]) {
    self.tree = tree
    self.arrays = arrays
  }
}
