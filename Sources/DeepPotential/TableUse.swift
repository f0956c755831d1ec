import Diagnostics
import Kernels

/// How the embedding nets of a model are evaluated: what tools say of tables.
public enum TableUse: Sendable, Equatable {
  /// By tables that are built for them.
  case built
  /// By tables that the model brings along.
  case given
  /// All or some of them are computed for every pair of atoms, for this reason.
  case none(reason: String)

  /// One sentence about it.
  public var text: String {
    switch self {
    case .built: "built for the embedding nets"
    case .given: "those of a compressed model, as they are"
    case .none(let reason): "none: \(reason)"
    }
  }

  /// Why there are none; nil if there are.
  public var reason: String? { if case .none(let reason) = self { reason } else { nil } }
}

extension EnergyModel {
  /// How its embedding nets are evaluated by `evaluator`, which keeps the tables; it is tried on a
  /// frame of random positions of up to four types.
  public func tableUse(by evaluator: Evaluator) -> TableUse {
    if descriptor.parts.allSatisfy(\.hasTables) { return .given }
    if descriptor.embeddings.isEmpty {
      return .none(reason: "there are no embedding nets that tables could stand for")
    }
    if let reason = descriptor.reasonAgainstTables { return .none(reason: reason) }
    _ = Notices.collected {
      evaluator.predict([randomFrame(for: self, number: 0, types: 4)], with: self)
    }
    return evaluator.directReason.map { .none(reason: $0) } ?? .built
  }
}

extension Descriptor {
  /// Why tables cannot stand for its nets, or not for all of them, whatever the parameters; nil if
  /// they can.
  var reasonAgainstTables: String? {
    if case .seE2A(let part) = self, !part.canBeTabulated, part.options.activation.isSmooth {
      return "the statistics of neighbors (davg, dstd) differ from slot to slot"
    }
    return parts.lazy.compactMap(\.reasonAgainstTables).first
  }
}

extension DescriptorPart {
  fileprivate var reasonAgainstTables: String? {
    if hasTables || wrapped.embeddings.isEmpty { return nil }
    if !options.activation.isSmooth {
      return "their activation function, \(options.activation.name), has kinks"
    }
    // Behind the first input, a net takes embeddings of types.
    if wrapped.embeddings.contains(where: {
      TableNetwork($0, $0.inputs > 1 ? .biases : .nothing) == nil
    }) {
      return "the shortcut of their first layer passes types on"
    }
    return nil
  }
}

/// Says, once, that a model is evaluated without tables although they are wanted, and why.
func noticeDirectWay(_ reason: String) {
  Notices.post(
    "embedding nets are computed for every pair of atoms, which is slower than tables: "
      + reason)
}
