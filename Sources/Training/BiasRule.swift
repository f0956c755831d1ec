/// How the energy bias of a trained model is computed.
public enum BiasRule: Sendable, Equatable {
  /// The bias that fits the labels best, without the model's predictions (DeePMD-kit's
  /// `set-by-statistic`).
  case set
  /// The present bias plus the bias that fits the model's errors best (`change-by-statistic`,
  /// formerly `delta`).
  case change
  /// The given energies in eV, `[types]`; nil leaves a type unchanged.
  case given([Double?])
  /// The present bias plus the given energies in eV, `[types]`; nil leaves a type unchanged.
  case shifted([Double?])
}
