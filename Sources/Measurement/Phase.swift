/// A kind of work that is measured; the cases are in the order of a training step.
public enum Phase: UInt8, CaseIterable, Sendable {
  /// One whole training step, or the evaluation of one batch of frames.
  case step
  /// Reading and checking data sets and models; computing statistics if no file has them; writing
  /// results.
  case input, statistics, output
  /// Drawing a batch and reading its frames; finding neighbors for the descriptor's slots.
  case batch, neighborList
  /// Computing the nodes of the embedding tables from the embedding nets.
  case tableBuild
  /// Laying out a frame's atoms and neighbors for the passes.
  case layout
  /// Environment rows, where they have a pass of their own; embeddings of all pairs, added to the
  /// atoms' matrices `T`, with environment rows where these have none; the same of pairs of
  /// neighbors; attention over an atom's neighbors.
  case environmentForward, pairsForward, anglesForward, attentionForward
  /// `D = Tᵀ T_<` of all atoms.
  case contractionForward
  /// The fitting nets.
  case fittingForward, fittingBackward
  /// The adjoint of `D = Tᵀ T_<`, and what leads from it to `dE/dd` of all pairs.
  case contractionBackward, attentionBackward, anglesBackward, pairsBackward, environmentBackward
  /// Forces and virial from `dE/dd`.
  case forces
  /// The loss and its derivatives.
  case loss
  /// The direction `dDot` of sweep 2.
  case direction
  /// Sweep 2, from the geometry to the energy.
  case environmentTangent, pairsTangent, anglesTangent, attentionTangent
  case contractionTangent, fittingTangent
  /// Sweep 2, from the energy back to the geometry.
  case fittingBackwardTangent, fittingGradient, contractionBackwardTangent
  case attentionBackwardTangent, anglesBackwardTangent, pairsBackwardTangent
  /// Node adjoints, summed over tiles, and passed through the embedding nets once per node.
  case tableGradient
  /// Clearing gradients and summing them over frames; the length of the sum.
  case gradientSum, gradientLength
  /// Exchanges between ranks, including the time to wait for others.
  case communication
  /// The update of the parameters.
  case optimizer
  /// Predictions and errors of validation batches.
  case validation
  /// Work handed to several threads; its time outside of other phases is waiting.
  case parallel

  /// The name in tables and pictures.
  public var name: String {
    switch self {
    case .step: "step"
    case .input: "input"
    case .statistics: "statistics"
    case .output: "output"
    case .batch: "batch"
    case .neighborList: "neighbor list"
    case .tableBuild: "table build"
    case .layout: "layout"
    case .environmentForward: "environment forward"
    case .pairsForward: "pairs forward"
    case .anglesForward: "angles forward"
    case .attentionForward: "attention forward"
    case .contractionForward: "contraction forward"
    case .fittingForward: "fitting net forward"
    case .fittingBackward: "fitting net backward"
    case .contractionBackward: "contraction backward"
    case .attentionBackward: "attention backward"
    case .anglesBackward: "angles backward"
    case .pairsBackward: "pairs backward"
    case .environmentBackward: "environment backward"
    case .forces: "forces"
    case .loss: "loss"
    case .direction: "direction"
    case .environmentTangent: "environment tangent"
    case .pairsTangent: "pairs tangent"
    case .anglesTangent: "angles tangent"
    case .attentionTangent: "attention tangent"
    case .contractionTangent: "contraction tangent"
    case .fittingTangent: "fitting net tangent"
    case .fittingBackwardTangent: "fitting net backward tangent"
    case .fittingGradient: "fitting net gradient"
    case .contractionBackwardTangent: "contraction backward tangent"
    case .attentionBackwardTangent: "attention backward tangent"
    case .anglesBackwardTangent: "angles backward tangent"
    case .pairsBackwardTangent: "pairs backward tangent"
    case .tableGradient: "table gradient"
    case .gradientSum: "gradient sum"
    case .gradientLength: "gradient length"
    case .communication: "communication"
    case .optimizer: "optimizer"
    case .validation: "validation"
    case .parallel: "parallel"
    }
  }
}
