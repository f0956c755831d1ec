/// What the loss of an energy model is made of.
///
/// Source: docs/MATH.md, "Energy loss"; DeePMD-kit's loss `ener`.
public struct EnergyLossOptions: Sendable, Equatable {
  /// A weight that moves with the learning rate: `limit + (start - limit) lr / start_lr`.
  public struct Prefactor: Sendable, Equatable {
    /// Weights at the start of the training and where the learning rate vanishes.
    public var start: Double, limit: Double

    /// Makes a prefactor.
    public init(start: Double, limit: Double) {
      self.start = start
      self.limit = limit
    }

    /// No weight at any time.
    public static let zero = Prefactor(start: 0, limit: 0)
    /// Whether the term is there at all: both ends must be non-zero, as in DeePMD-kit's PyTorch backend.
    public var isActive: Bool { start != 0 && limit != 0 }

    /// The weight at `ratio` of the learning rate to the starting one.
    public func value(at ratio: Double) -> Double { limit + (start - limit) * ratio }
  }

  /// How residuals count (`loss_func`, `use_huber`).
  public enum Measure: Sendable, Equatable {
    /// Squares.
    case squared
    /// Absolute values.
    case absolute
    /// Squares up to a residual per kind of label, straight beyond it (`huber_delta`).
    case huber(energy: Double, force: Double, virial: Double)
  }

  /// Weights of the terms; a missing one has none.
  public var prefactors: [EnergyLossTerm: Prefactor]
  /// How residuals count.
  public var measure = Measure.squared
  /// Whether the length of a force residual counts, not each component (`f_use_norm`).
  public var usesForceNorm = false
  /// In eV/Å: force residuals are divided by the length of the label plus this (`relative_f`).
  public var relativeForce: Double?
  /// Squared energy and virial residuals are divided by N², not N (`intensive_ener_virial`).
  public var isIntensive = false
  /// The energy is `Σ c_i E_i` with the label `atom_ener_coeff` (`enable_atom_ener_coeff`).
  public var usesAtomEnergyCoefficients = false
  /// Number of generalized coordinates of `drdq` (`numb_generalized_coord`).
  public var generalizedCoordinates = 0
  /// Missing force weights count as one (`use_default_pf`).
  public var assumesForceWeights = false

  /// Makes options with DeePMD-kit's defaults for everything not named.
  public init(prefactors: [EnergyLossTerm: Prefactor]) { self.prefactors = prefactors }

  /// The terms that take part, in their fixed order.
  public var activeTerms: [EnergyLossTerm] {
    EnergyLossTerm.allCases.filter { prefactors[$0]?.isActive ?? false }
  }
}

/// A term of the loss; the raw value is its suffix in `start_pref_*` and in `lcurve.out`.
public enum EnergyLossTerm: String, Sendable, CaseIterable {
  case energy = "e"
  case force = "f"
  case virial = "v"
  case atomEnergy = "ae"
  case weightedForce = "pf"
  case generalizedForce = "gf"

  /// The label in a data set that the term compares with.
  public var label: String {
    switch self {
    case .energy: "energy"
    case .force: "force"
    case .virial: "virial"
    case .atomEnergy: "atom_ener"
    case .weightedForce: "atom_pref"
    case .generalizedForce: "drdq"
    }
  }
}
