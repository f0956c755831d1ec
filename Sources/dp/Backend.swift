import ArgumentParser

/// What DeePMD-kit calls a backend.  Here there is one program: it only decides how files are
/// named.
enum Backend: String, EnumerableFlag, ExpressibleByArgument {
  case tensorflow, tensorflow2, pytorch, pytorchExportable, jax, paddle, dpmodel

  /// Its names on DeePMD-kit's command line.
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

  /// Its first name.
  var name: String { names[0] }

  /// The backend called `name`, in any case.
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

  /// Whether scripts name it as a matter of course, and expect nothing of it but names of files.
  var isUsual: Bool { self == .tensorflow || self == .pytorch }

  /// What a training's newest checkpoint is called behind `model.ckpt`: the names that scripts look
  /// for.
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

  /// What a frozen model is called behind `frozen_model`.
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

  /// Endings by which names of model files are known.
  static let modelSuffixes =
    allCases.map(\.modelSuffix) + [".pt2", ".savedmodel", ".pt", ".h5", ".hdf5", ".yaml"]
}
