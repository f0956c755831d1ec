/// The terms of the loss of an energy model, their weights and their measure.
///
/// Source: docs/MATH.md, "Energy loss"; DeePMD-kit's loss `ener`.
public struct EnergyLossOptions: Sendable, Equatable {
  /// A weight that follows the learning rate: `limit + (start - limit) lr / start_lr`.
  public struct Prefactor: Sendable, Equatable {
    /// The weight at the start of the training, and the weight where the learning rate vanishes.
    public var start: Double, limit: Double

    /// Makes a prefactor.
    public init(start: Double, limit: Double) {
      self.start = start
      self.limit = limit
    }

    /// No weight at any time.
    public static let zero = Prefactor(start: 0, limit: 0)
    /// Whether the term takes part: both ends must be non-zero, as in DeePMD-kit's PyTorch backend.
    public var isActive: Bool { start != 0 && limit != 0 }

    /// The weight where the learning rate is `ratio` times the starting one.
    public func value(at ratio: Double) -> Double { limit + (start - limit) * ratio }
  }

  /// The function of a residual that is averaged (`loss_func`, `use_huber`).
  public enum Measure: Sendable, Equatable {
    /// The square.
    case squared
    /// The absolute value.
    case absolute
    /// The square up to a residual for each kind of label, a straight line beyond it
    /// (`huber_delta`).
    case huber(energy: Double, force: Double, virial: Double)
  }

  /// The weights of the terms; a term without an entry does not take part.
  public var prefactors: [EnergyLossTerm: Prefactor]
  /// The function of a residual that is averaged.
  public var measure = Measure.squared
  /// Whether the length of a force residual is measured instead of each component (`f_use_norm`).
  public var usesForceNorm = false
  /// In eV/Å: each force residual is divided by the length of the label plus this number
  /// (`relative_f`).
  public var relativeForce: Double?
  /// Whether squared energy and virial residuals are divided by N² instead of N
  /// (`intensive_ener_virial`).
  public var isIntensive = false
  /// Whether the energy is `Σ c_i E_i` with the label `atom_ener_coeff` (`enable_atom_ener_coeff`).
  public var usesAtomEnergyCoefficients = false
  /// Number of generalized coordinates of `drdq` (`numb_generalized_coord`).
  public var generalizedCoordinates = 0
  /// Whether missing force weights count as one (`use_default_pf`).
  public var assumesForceWeights = false

  /// Makes options with DeePMD-kit's defaults for everything not named.
  public init(prefactors: [EnergyLossTerm: Prefactor]) { self.prefactors = prefactors }

  /// The active terms in their fixed order.
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

  /// The name of the label that this term is compared with.
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
