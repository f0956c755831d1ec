/// What the fitting nets of a model give; one case per kind, with the options of that kind alone.
public enum Output: Sendable, Equatable {
  /// `ener`.
  case energy

  /// What it is, as data.
  public var definition: OutputDefinition {
    switch self {
    case .energy: .energy
    }
  }

  /// Its name in inputs and model files (`type` of a fitting net).
  public var type: String {
    switch self {
    case .energy: "ener"
    }
  }
}

extension EnergyModel {
  /// What the model says of frames.
  public var output: OutputDefinition { fitting.options.output.definition }
}

extension ModelOptions {
  /// What the model says of frames.
  public var output: OutputDefinition { fitting.output.definition }
}
