import Diagnostics
import Files
import HDF5

/// The kind of content of an HDF5 file, found by attributes of its root.
public enum FileKind: Sendable, Equatable {
  /// Statistics that dp-stat wrote.
  case statistics
  /// Frames with predicted energies and forces: `dp-eval --predictions`.
  case predictions
  /// A model or a checkpoint.
  case model
  /// Anything else: data of this or of another program.
  case data

  /// Finds the kind of the HDF5 file at `path`; throws `.missingInput`, or `.data` if the file is
  /// damaged.
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
