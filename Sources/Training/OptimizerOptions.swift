import Diagnostics
import Kernels

/// The optimizer and its settings (`optimizer/type`).
public enum OptimizerOptions: Sendable, Equatable {
  /// Adam or AdamW, which follow the gradient of the loss.
  case adam(AdamOptions)
  /// The layerwise Kalman filter (LKF), which uses errors of energies and forces.
  case kalman(KalmanOptions)

  /// The optimizer's name in checkpoints.
  public var name: String {
    switch self {
    case .adam: "Adam"
    case .kalman: "LKF"
    }
  }

  /// The advice for a training that has diverged; it differs because the Kalman filter has no
  /// learning rate.
  public var remedyOfDivergence: String {
    switch self {
    case .adam: "lower start_lr"
    case .kalman: "lower kf_start_pref_e and kf_start_pref_f"
    }
  }
}

/// The state that an optimizer keeps from step to step, as a checkpoint holds it.
public struct OptimizerMemory: Sendable, Equatable {
  /// The name of the optimizer.
  public var name: String
  /// The number of updates of the parameters so far.
  public var updates: Int
  /// The number of updates by each task; empty if there is one task.
  public var taskUpdates: [Int] = []
  /// The vectors of the optimizer, by name.
  public var vectors: [String: Parameters]

  /// Joins the three values.
  public init(name: String, updates: Int, vectors: [String: Parameters]) {
    self.name = name
    self.updates = updates
    self.vectors = vectors
  }

  /// The state that ranks other than the first need; of the Kalman filter they need none, since it
  /// shares out its matrices itself.
  public var forOtherRanks: OptimizerMemory {
    let isKalman = name == OptimizerOptions.kalman(KalmanOptions()).name
    var light = self
    if isKalman { light.vectors = [:] }
    return light
  }

  /// The vectors of `names`, each shaped like `parameters`; throws `.data` if one is missing or has
  /// another shape.
  func vectors(_ names: [String], like parameters: Parameters) throws -> [Parameters] {
    try names.map { name in
      guard let vector = vectors[name], vector.hasShape(of: parameters) else {
        throw misfit("its \(name) does not fit the parameters of the model")
      }
      return vector
    }
  }

  /// The error for a state that the present optimizer cannot continue from.
  func misfit(_ problem: String) -> ToolError {
    ToolError(
      .data, at: "checkpoint", "cannot be continued: \(problem)",
      remedy: "go on with the optimizer that it was written by, or start anew from its weights")
  }
}
