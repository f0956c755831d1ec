/// Where the energy bias of a model that is trained already comes from.
public enum BiasRule: Sendable, Equatable {
  /// What explains the labels best, whatever the model says (DeePMD-kit's `set-by-statistic`).
  case set
  /// The present bias and what explains the model's errors best (`change-by-statistic`, formerly
  /// `delta`).
  case change
  /// These energies in eV, `[types]`; nil leaves a type as it is.
  case given([Double?])
  /// The present bias and these energies in eV, `[types]`; nil leaves a type as it is.
  case shifted([Double?])
}
