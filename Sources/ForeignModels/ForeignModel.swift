import Diagnostics
import Files
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

  /// Whether the file at `path` starts so; false for one that cannot be read.
  public static func isHDF5(fileAt path: String) -> Bool {
    start(of: path).map { isHDF5($0) } ?? false
  }

  /// Reads the model in `bytes`, which messages call `name`; nil if the bytes are of no kind that
  /// is known here.
  ///
  /// Throws `.data` if the file is damaged, or holds something that has no counterpart in this
  /// program.
  public init?(_ bytes: [UInt8], name: String, choice: ModelChoice = ModelChoice()) throws {
    let model = try reporting(name) { () throws -> ForeignModel? in
      guard let kind = try ForeignKind(bytes) else { return nil }
      switch kind {
      case .graph:
        try choice.refuse()
        return try Self.readGraph(bytes)
      case .archive: return try Self.readArchive(bytes, choice)
      case .yaml:
        try choice.refuse()
        return try Self.readYAML(bytes)
      }
    }
    guard let model else { return nil }
    self = model
  }

  /// The names of the models in the multi-task checkpoint at `path`; none if it is another file.
  ///
  /// Throws `.data` if the file is damaged.
  public static func branches(at path: String) throws -> [String] {
    guard let bytes = try start(of: path).flatMap({ isHDF5($0) ? nil : try contents(ofFile: path) })
    else { return [] }
    return try reporting(path) {
      try ForeignKind(bytes) == .archive ? branches(inArchive: bytes) : []
    }
  }

  /// Reads the model at `path`; nil if the file is in HDF5, or of no kind that is known here.
  ///
  /// Throws `.missingInput`, and the errors of reading bytes.
  public static func read(
    _ path: String, _ choice: ModelChoice = ModelChoice()
  ) throws -> ForeignModel? {
    if isFolder(path) {
      throw ToolError(
        .data, at: path, "is a folder, not a model file",
        remedy: "a SavedModel of TensorFlow or JAX holds compiled code: "
          + "\(ForeignKind.conversion)")
    }
    guard let head = start(of: path), !isHDF5(head) else { return nil }
    return try ForeignModel(contents(ofFile: path), name: path, choice: choice)
  }

  /// The first bytes of the file at `path`; nil if it cannot be read.
  private static func start(of path: String) -> [UInt8]? {
    try? FileBytes(path).start(8)
  }

  /// Makes a model of its tree and the arrays that the tree names.
  public init(tree: JSONValue, arrays: [String: Tensor]) {
    self.tree = tree
    self.arrays = arrays
  }
}

/// The result of `body`, whose errors become those of the file that users know as `name`.
private func reporting<Result>(_ name: String, _ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let error as Unreadable {
    throw error.error(at: name)
  } catch is ProtobufError {
    throw Unreadable("is a damaged TensorFlow graph").error(at: name)
  }
}
