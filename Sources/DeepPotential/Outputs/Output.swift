/// The kind of output of the fitting nets; each case has the options of that kind.
public enum Output: Sendable, Equatable {
  /// The energy (`ener`).
  case energy
  /// The dipole, a vector that turns with the frame (`dipole`).
  case dipole
  /// The polarizability, a symmetric matrix that turns with the frame (`polar`).
  case polarizability(PolarizabilityOptions)
  /// The density of states at `points` energies (`dos`, `numb_dos`).
  case densityOfStates(points: Int)
  /// Numbers of any meaning that do not change if the frame turns (`property`).
  case property(PropertyOptions)

  /// Forces that the nets give as they give dipoles (`direct_force`) and, `withEnergy`, the energy
  /// of nets beside them (`direct_force_ener`).
  case directForces(withEnergy: Bool)

  /// What mends damaged frames, with a number for each of so many `types` (`denoise`).
  case denoising(types: Int)

  /// The definition of the output as data.
  public var definition: OutputDefinition {
    switch self {
    case .energy: .energy
    case .dipole: .dipole
    case .polarizability: .polarizability
    case .densityOfStates(let points): .densityOfStates(points: points)
    case .property(let options): .property(options)
    case .directForces(let withEnergy): .directForces(withEnergy: withEnergy)
    case .denoising(let types): .denoising(types: types)
    }
  }

  /// The name of the output in inputs and model files (`type` of a fitting net).
  public var type: String {
    switch self {
    case .energy: "ener"
    case .dipole: "dipole"
    case .polarizability: "polar"
    case .densityOfStates: "dos"
    case .property: "property"
    case .directForces(let withEnergy): withEnergy ? "direct_force_ener" : "direct_force"
    case .denoising: "denoise"
    }
  }

  /// One output of each kind, with the options that inputs need not name.
  public static let kinds: [Output] = [
    .energy, .dipole, .polarizability(PolarizabilityOptions()), .densityOfStates(points: 300),
    .property(PropertyOptions(name: "property")), .directForces(withEnergy: false),
    .directForces(withEnergy: true), .denoising(types: 1),
  ]

  /// Whether the nets' numbers are coefficients of the descriptor's vectors.
  public var needsVectors: Bool {
    switch self {
    case .dipole, .polarizability, .directForces: true
    case .energy, .densityOfStates, .property, .denoising: false
    }
  }

  /// Whether it mends damaged frames.
  public var mendsFrames: Bool { if case .denoising = self { true } else { false } }

  /// Whether atoms have tensors, which inputs may leave to some of the types (`sel_type`).
  public var isTensor: Bool {
    switch self {
    case .dipole, .polarizability: true
    case .energy, .densityOfStates, .property, .directForces, .denoising: false
    }
  }

  /// Whether other nets, besides those whose numbers are the output's, give the energy.
  public var hasEnergyNets: Bool { self == .directForces(withEnergy: true) }

  /// Whether atoms of a type may get what their net gives beyond its value without neighbors
  /// (`atom_ener`).
  public var subtractsVacuum: Bool { self == .energy }

  /// Whether the deviation of the labels is a factor of the nets' numbers (`out_std`).
  public var isScaled: Bool { if case .property = self { true } else { false } }

  /// Width of the nets' last layer behind a descriptor with so many vectors for each atom.
  public func netWidth(vectors: Int) -> Int {
    switch self {
    case .energy: 1
    case .dipole, .directForces: vectors
    case .polarizability(let options): options.fitsDiagonal ? vectors : vectors * vectors
    case .densityOfStates(let points): points
    case .property(let options): options.width
    case .denoising(let types): types
    }
  }

  /// The same output with its types in the order `order`.
  func reordered(_ order: [Int]) -> Output {
    guard case .polarizability(var options) = self else { return self }
    if options.scale.count > 1 { options.scale = order.map { self.scale(of: $0) } }
    if !options.constants.isEmpty { options.constants = order.map { options.constants[$0] } }
    return .polarizability(options)
  }

  /// The factor of what the nets say of atoms of `type`: 1 but for polarizabilities.
  func scale(of type: Int) -> Double {
    guard case .polarizability(let options) = self else { return 1 }
    return options.scale(of: type)
  }
}

extension EnergyModel {
  /// The output that the model predicts.
  public var output: OutputDefinition { fitting.options.output.definition }

  /// Whether the model is run as a program, since there are no sweeps written by hand for it.
  public var isProgram: Bool {
    descriptor.isProgram || fitting.options.output != .energy || !pairPotentials.isEmpty
      || mixture != nil
  }
}

extension ModelOptions {
  /// The output that the model predicts.
  public var output: OutputDefinition { fitting.output.definition }
}
