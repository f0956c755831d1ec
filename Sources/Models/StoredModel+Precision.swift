import DeepPotential
import Diagnostics
import Files
import ForeignModels

/// The number formats that a model's networks compute in.
public enum NetworkPrecision: String, Sendable, CaseIterable {
  /// All in 64 bits.
  case float64
  /// All in 32 bits: descriptor and fitting nets.
  case float32
  /// Fitting nets, which are most of the work, in 32 bits; the descriptor with its geometry, tables
  /// and sums over neighbors in 64.
  case mixed

  fileprivate var ofDescriptor: String { self == .mixed ? "float64" : rawValue }
  fileprivate var ofFitting: String { self == .mixed ? "float32" : rawValue }
}

extension StoredModel {
  /// The model whose networks compute in `precision`: what a reader makes of its file if that says
  /// so.  Energies and their sums over atoms have 64 bits in any case.
  ///
  /// Throws `.data` if the model, called `name`, has one format for descriptor and fitting nets,
  /// and `precision` two.
  public func computing(in precision: NetworkPrecision, name: String) throws -> StoredModel {
    if precision == .mixed && (model.descriptor.isProgram || model.output != .energy) {
      throw ToolError(
        .data, at: name,
        "computes descriptor and fitting nets in one format: only energies with se_e2_a can be mixed",
        remedy: "take float32")
    }
    guard model.mixture == nil, model.pairPotentials.isEmpty else {
      throw ToolError(
        .data, at: name, "is a sum of several models, whose precision is not changed",
        remedy: "set the precision in the input and train")
    }
    var writer = ModelWriter()
    var tree = tree(with: &writer)
    for root in ["model", "model_def_script"] {
      for (key, format) in [
        ("descriptor", precision.ofDescriptor), ("fitting", precision.ofFitting),
        ("fitting_net", precision.ofFitting),
      ] {
        guard let part = tree[root]?[key] else { continue }
        tree.set([root, key], to: part.settingPrecision(format))
      }
    }
    tree.set(["model_def_script", "fitting_net", "precision"], to: .string(precision.ofFitting))
    if var script = tree["model_def_script"] {
      script.changeDescriptors { $1["precision"] = .string(precision.ofDescriptor) }
      tree.set(["model_def_script"], to: script)
    }
    return try StoredModel(ForeignModel(tree: tree, arrays: writer.tensors), name: name)
  }
}

extension JSONValue {
  /// The value with `format` as every member `precision` in it.
  fileprivate func settingPrecision(_ format: String) -> JSONValue {
    switch self {
    case .object(let members):
      let changed = members.mapValues { $0.settingPrecision(format) }
      guard members["precision"] != nil else { return .object(changed) }
      return .object(changed.merging(["precision": .string(format)]) { _, new in new })
    case .array(let elements): return .array(elements.map { $0.settingPrecision(format) })
    default: return self
    }
  }
}
