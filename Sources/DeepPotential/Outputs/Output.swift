/// The kind of output of the fitting nets; each case has the options of that kind.
public enum Output: Sendable, Equatable {
  /// The energy (`ener`).
  case energy

  /// The definition of the output as data.
  public var definition: OutputDefinition {
    switch self {
    case .energy: .energy
    }
  }

  /// The name of the output in inputs and model files (`type` of a fitting net).
  public var type: String {
    switch self {
    case .energy: "ener"
    }
  }
}

extension EnergyModel {
  /// The output that the model predicts.
  public var output: OutputDefinition { fitting.options.output.definition }
}

extension ModelOptions {
  /// The output that the model predicts.
  public var output: OutputDefinition { fitting.output.definition }
}
