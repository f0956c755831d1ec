import ArgumentParser

/// A backend of DeePMD-kit.  Here there is one program, and the backend only decides the names of
/// files.
enum Backend: String, EnumerableFlag, ExpressibleByArgument {
  case tensorflow, tensorflow2, pytorch, pytorchExportable, jax, paddle, dpmodel

  /// The names on DeePMD-kit's command line.
  private var names: [String] {
    switch self {
    case .tensorflow: ["tf", "tensorflow"]
    case .tensorflow2: ["tf2", "tensorflow2"]
    case .pytorch: ["pt", "pytorch"]
    case .pytorchExportable: ["pt-expt", "pytorch-exportable"]
    case .jax: ["jax"]
    case .paddle: ["pd", "paddle"]
    case .dpmodel: ["dp", "dpmodel", "np", "numpy"]
    }
  }

  /// The first of these names.
  var name: String { names[0] }

  /// The backend called `name`, in upper or lower case.
  init?(argument name: String) {
    guard let backend = Self.allCases.first(where: { $0.names.contains(name.lowercased()) })
    else { return nil }
    self = backend
  }

  static var allValueStrings: [String] { allCases.flatMap(\.names) }

  static func name(for value: Backend) -> NameSpecification {
    NameSpecification(value.names.map { .customLong($0) })
  }

  static func help(for value: Backend) -> ArgumentHelp? {
    value == .tensorflow ? "DeePMD-kit's backends; here they only decide names of files." : nil
  }

  /// Whether scripts usually name this backend, only for the names of files.
  var isUsual: Bool { self == .tensorflow || self == .pytorch }

  /// The endings of a training's newest checkpoint after `model.ckpt`, which scripts look for.
  var checkpointSuffixes: [String] {
    switch self {
    case .tensorflow: [".index", ".meta", ".data-00000-of-00001"]
    case .tensorflow2: [".tf2"]
    case .pytorch, .pytorchExportable: [".pt"]
    case .jax: [".jax"]
    case .paddle: [".pd"]
    case .dpmodel: []
    }
  }

  /// The ending of a frozen model after `frozen_model`.
  var modelSuffix: String {
    switch self {
    case .tensorflow: ".pb"
    case .tensorflow2: ".savedmodeltf"
    case .pytorch: ".pth"
    case .pytorchExportable: ".pte"
    case .jax: ".hlo"
    case .paddle: ".json"
    case .dpmodel: ".dp"
    }
  }

  /// The endings of model files.
  static let modelSuffixes =
    allCases.map(\.modelSuffix) + [".pt2", ".savedmodel", ".pt", ".h5", ".hdf5", ".yaml"]
}
