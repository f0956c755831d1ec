import Kernels

/// What defines the fitting net of an energy model, apart from its statistics and parameters.
public struct FittingOptions: Sendable, Equatable {
  /// Widths of the hidden layers (`neuron`).
  public var neuron: [Int] {
    didSet {
      // What was said of each of so many layers says nothing of others.
      if neuron.count != oldValue.count { trainable = neuron.map { _ in true } + [true] }
    }
  }
  /// Whether layers have timesteps where the widths allow a shortcut (`resnet_dt`).
  public var resnetTimestep = true
  /// Activation function of the hidden layers.
  public var activation = Activation.tanh
  /// Number format of the nets.
  public var precision = Precision.float64
  /// Parameters per frame and per atom that are appended to the descriptor (`numb_fparam`,
  /// `numb_aparam`).
  public var frameParameters = 0, atomParameters = 0
  /// What frames without parameters of their own have, `[numb_fparam]` (`default_fparam`).
  public var defaultFrameParameters: [Double]?
  /// Energies of isolated atoms in eV (`atom_ener`); an atom whose type has one gets
  /// `net(D) - net(0)`.
  public var atomEnergies: [Double?] = []
  /// Types whose atoms have no energy from the net (`exclude_types`).
  public var excludedTypes: [Int] = []
  /// Whether training changes each layer (`trainable`), hidden layers first, then the output layer.
  public var trainable: [Bool]
  /// What the nets give (`type`).
  public var output = Output.energy
  /// Singular values below this times the largest are dropped when the energy bias is fitted
  /// (`rcond`).
  public var singularCutoff: Double?

  /// Makes options with DeePMD-kit's defaults for everything not named.
  public init(neuron: [Int] = [120, 120, 120]) {
    self.neuron = neuron
    trainable = Array(repeating: true, count: neuron.count + 1)
  }
}

/// The fitting nets of an energy model: one energy per atom from its descriptor row.
public struct EnergyFitting: Sendable, Equatable {
  /// What defines the nets.
  public internal(set) var options: FittingOptions
  /// Mean and inverse deviation of the frame parameters (`fparam_avg`, `fparam_inv_std`).
  public var frameParameterMean: [Double], frameParameterInverseDeviation: [Double]
  /// Mean and inverse deviation of the atom parameters (`aparam_avg`, `aparam_inv_std`).
  public var atomParameterMean: [Double], atomParameterInverseDeviation: [Double]
  /// Energy added to each atom by type, in eV (`bias_atom_e`, the bias that the TensorFlow backend
  /// fits).
  public var bias: [Double]
  /// One net per type, or a single one that all types share (`mixed_types`).
  public let networks: [DenseNetwork]
  /// Whether all types share a single net.
  public let isShared: Bool

  /// Lays out fitting nets for `typeCount` types on descriptor rows `descriptorWidth` wide.
  public init(
    _ options: FittingOptions, typeCount: Int, descriptorWidth: Int, isShared: Bool = false,
    in layout: inout ParameterLayout
  ) {
    precondition(options.trainable.count == options.neuron.count + 1)
    self.options = options
    frameParameterMean = Array(repeating: 0, count: options.frameParameters)
    frameParameterInverseDeviation = Array(repeating: 1, count: options.frameParameters)
    atomParameterMean = Array(repeating: 0, count: options.atomParameters)
    atomParameterInverseDeviation = Array(repeating: 1, count: options.atomParameters)
    bias = Array(repeating: 0, count: typeCount)
    self.isShared = isShared
    networks = (0..<(isShared ? 1 : typeCount)).map { _ in
      DenseNetwork(
        inputs: descriptorWidth + options.frameParameters + options.atomParameters,
        hidden: options.neuron, output: 1, activation: options.activation,
        resnetTimestep: options.resnetTimestep, precision: options.precision, in: &layout)
    }
  }

  /// Makes fitting nets that are laid out already, one per type or one for all `typeCount` types,
  /// with bias 0 and no scaling.
  public init(
    _ options: FittingOptions, networks: [DenseNetwork], typeCount: Int? = nil,
    isShared: Bool = false
  ) {
    precondition(!isShared || networks.count == 1)
    self.isShared = isShared
    precondition(options.trainable.count == options.neuron.count + 1)
    precondition(networks.allSatisfy { $0.outputs == 1 })
    self.options = options
    frameParameterMean = Array(repeating: 0, count: options.frameParameters)
    frameParameterInverseDeviation = Array(repeating: 1, count: options.frameParameters)
    atomParameterMean = Array(repeating: 0, count: options.atomParameters)
    atomParameterInverseDeviation = Array(repeating: 1, count: options.atomParameters)
    bias = Array(repeating: 0, count: typeCount ?? networks.count)
    self.networks = networks
  }
}
