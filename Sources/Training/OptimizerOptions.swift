import Diagnostics
import Kernels

/// How parameters are updated (`optimizer/type`).
public enum OptimizerOptions: Sendable, Equatable {
  /// Adam or AdamW, on the gradient of the loss.
  case adam(AdamOptions)
  /// The layerwise Kalman filter (LKF), on errors of energies and forces.
  case kalman(KalmanOptions)

  /// The name that stands in checkpoints.
  public var name: String {
    switch self {
    case .adam: "Adam"
    case .kalman: "LKF"
    }
  }

  /// What may keep a training that has diverged from doing so: the Kalman filter has no learning
  /// rate.
  public var remedyOfDivergence: String {
    switch self {
    case .adam: "lower start_lr"
    case .kalman: "lower kf_start_pref_e and kf_start_pref_f"
    }
  }
}

/// What an optimizer remembers from step to step, as a checkpoint holds it.
public struct OptimizerMemory: Sendable, Equatable {
  /// Name of the optimizer.
  public var name: String
  /// Updates of the parameters so far.
  public var updates: Int
  /// Its vectors, by name.
  public var vectors: [String: Parameters]

  /// Puts a memory together.
  public init(name: String, updates: Int, vectors: [String: Parameters]) {
    self.name = name
    self.updates = updates
    self.vectors = vectors
  }

  /// What ranks other than the first need of it: the Kalman filter shares out its matrices by
  /// itself.
  public var forOtherRanks: OptimizerMemory {
    let isKalman = name == OptimizerOptions.kalman(KalmanOptions()).name
    return OptimizerMemory(name: name, updates: updates, vectors: isKalman ? [:] : vectors)
  }

  /// The vectors of `names`, each shaped like the parameters; throws `.data` if one is missing or
  /// has another shape.
  func vectors(_ names: [String], like parameters: Parameters) throws -> [Parameters] {
    try names.map { name in
      guard let vector = vectors[name], vector.hasShape(of: parameters) else {
        throw misfit("its \(name) does not fit the parameters of the model")
      }
      return vector
    }
  }

  /// The error of a memory that the present optimizer cannot go on from.
  func misfit(_ problem: String) -> ToolError {
    ToolError(
      .data, at: "checkpoint", "cannot be continued: \(problem)",
      remedy: "go on with the optimizer that it was written by, or start anew from its weights")
  }
}
