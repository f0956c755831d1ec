import Diagnostics
import Files
import HDF5

/// What an HDF5 file holds, by its root's attributes.
public enum FileKind: Sendable, Equatable {
  /// Statistics that dp-stat wrote.
  case statistics
  /// Frames with energies and forces that a model predicted: `dp-eval --predictions`.
  case predictions
  /// A model or a checkpoint.
  case model
  /// Anything else: data of ours or of other programs.
  case data

  /// Looks at the HDF5 file at `path`; throws `.missingInput` or, if it is damaged, `.data`.
  public init(ofHDF5 path: String) throws {
    let file = try SealedFile.open(path, group: "/")
    if try file.stringAttribute("format", of: "/") == StatisticsFile.format {
      self = .statistics
    } else if try file.hasAttribute("json", of: "/") {
      self = .model
    } else {
      self = try file.stringAttribute("tool", of: "/") == "dp-eval" ? .predictions : .data
    }
  }
}
