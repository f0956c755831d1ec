import Diagnostics
import ForeignModels
import HDF5

/// The arrays of a model, which all nodes of its tree share: in the open file with the layout of
/// `.dp`, or in memory.
final class ModelArrays {
  private enum Source: ~Copyable {
    case file(HDF5File)
    case memory([String: Tensor])
  }
  private let source: Source

  /// The arrays in `file`.
  init(_ file: consuming HDF5File) { source = .file(file) }

  /// The arrays of a model that was read from another kind of file.
  init(_ arrays: [String: Tensor]) { source = .memory(arrays) }

  /// The numbers, the shape and the type of the array `path`, which the tree names at `place`.
  func array(
    _ path: String, at place: String
  ) throws -> (values: [Double], shape: [Int], type: HDF5Type) {
    switch source {
    case .file(let file): return try file.array(path)
    case .memory(let arrays):
      guard let tensor = arrays[path] else {
        throw ToolError(.data, at: place, "names the array \(path), which is missing")
      }
      return (tensor.values, tensor.shape, .float(bytes: tensor.isSingle ? 4 : 8))
    }
  }
}
