import Kernels
import Measurement

/// A group of phases whose rows stand together in the table.
package enum PhaseGroup: String, CaseIterable {
  case data
  case tables = "embedding tables"
  case pairs
  case attention
  case contraction
  case fitting = "fitting net"
  case forces = "forces and loss"
  case update
}

/// A stage of a step, by the order in time.
package enum Stage: String, CaseIterable {
  case preparation
  case sweep1 = "sweep 1"
  case loss
  case sweep2 = "sweep 2"
  case update
}

extension Phase {
  /// The group to which the phase belongs; nil for the steps themselves and for handing out work.
  package var group: PhaseGroup? {
    switch self {
    case .step, .parallel: nil
    case .input, .statistics, .output, .batch, .neighborList, .layout, .validation: .data
    case .tableBuild, .tableGradient: .tables
    case .environmentForward, .environmentBackward, .environmentTangent, .pairsForward,
      .pairsBackward, .pairsTangent, .pairsBackwardTangent, .anglesForward, .anglesBackward,
      .anglesTangent, .anglesBackwardTangent:
      .pairs
    case .attentionForward, .attentionBackward, .attentionTangent, .attentionBackwardTangent:
      .attention
    case .contractionForward, .contractionBackward, .contractionTangent,
      .contractionBackwardTangent:
      .contraction
    case .fittingForward, .fittingBackward, .fittingTangent, .fittingBackwardTangent,
      .fittingGradient:
      .fitting
    case .forces, .loss, .direction: .forces
    case .gradientSum, .gradientLength, .communication, .optimizer: .update
    }
  }

  /// The stage to which the phase belongs.
  package var stage: Stage? {
    switch self {
    case .step, .parallel: nil
    case .input, .statistics, .output, .batch, .neighborList, .layout, .validation, .tableBuild:
      .preparation
    case .environmentForward, .pairsForward, .anglesForward, .attentionForward,
      .contractionForward, .fittingForward, .fittingBackward, .contractionBackward,
      .attentionBackward, .anglesBackward, .pairsBackward, .environmentBackward, .forces:
      .sweep1
    case .loss: .loss
    case .direction, .environmentTangent, .pairsTangent, .anglesTangent, .attentionTangent,
      .contractionTangent, .fittingTangent, .fittingBackwardTangent, .fittingGradient,
      .contractionBackwardTangent, .attentionBackwardTangent, .anglesBackwardTangent,
      .pairsBackwardTangent, .tableGradient:
      .sweep2
    case .gradientSum, .gradientLength, .communication, .optimizer: .update
    }
  }

  /// The number format of the phase's computations in `model`.
  func precision(in model: ModelOutline) -> Precision {
    switch group {
    case .tables, .pairs, .attention, .contraction: model.descriptorPrecision
    case .fitting: model.fittingPrecision
    default: .float64
    }
  }
}
