import Kernels

/// The definition of the fitting net of an energy model, without its statistics and parameters.
public struct FittingOptions: Sendable, Equatable {
  /// Widths of the hidden layers (`neuron`).
  public var neuron: [Int] {
    didSet {
      // Flags of another number of layers have no meaning for these layers.
      if neuron.count != oldValue.count { trainable = neuron.map { _ in true } + [true] }
    }
  }
  /// Whether layers whose widths allow a shortcut have timesteps (`resnet_dt`).
  public var resnetTimestep = true
  /// Activation function of the hidden layers.
  public var activation = Activation.tanh
  /// Number format of the nets.
  public var precision = Precision.float64
  /// Parameters per frame and per atom that are appended to the descriptor (`numb_fparam`,
  /// `numb_aparam`).
  public var frameParameters = 0, atomParameters = 0
  /// The parameters of frames that come without parameters, `[numb_fparam]` (`default_fparam`).
  public var defaultFrameParameters: [Double]?
  /// Energies of isolated atoms in eV by type, or nil (`atom_ener`).  The net's energy of an atom
  /// whose type has one is `net(D) - net(0)`.
  public var atomEnergies: [Double?] = []
  /// Types whose atoms have no energy from the net (`exclude_types`).
  public var excludedTypes: [Int] = []
  /// Whether training changes each layer (`trainable`), hidden layers first, then the output layer.
  public var trainable: [Bool]
  /// The output of the nets (`type`).
  public var output = Output.energy
  /// The fit of the energy bias drops singular values below this times the largest one (`rcond`).
  public var singularCutoff: Double?

  /// Makes options with DeePMD-kit's defaults for everything not named.
  public init(neuron: [Int] = [120, 120, 120]) {
    self.neuron = neuron
    trainable = Array(repeating: true, count: neuron.count + 1)
  }

  /// Makes options of nets for `output`, with the usual ones for everything not named.
  ///
  /// The layers of nets that mend frames are as wide as what they read.
  public init(of output: Output) {
    self.init(neuron: output.mendsFrames ? [] : [120, 120, 120])
    self.output = output
    if output.mendsFrames { (activation, resnetTimestep) = (.gelu, false) }
  }
}

/// The fitting nets of a model: numbers of each atom from its descriptor row, of which an energy
/// model has one.
public struct EnergyFitting: Sendable, Equatable {
  /// The definition of the nets.
  public internal(set) var options: FittingOptions
  /// Mean and inverse deviation of the frame parameters (`fparam_avg`, `fparam_inv_std`).
  public var frameParameterMean: [Double], frameParameterInverseDeviation: [Double]
  /// Mean and inverse deviation of the atom parameters (`aparam_avg`, `aparam_inv_std`).
  public var atomParameterMean: [Double], atomParameterInverseDeviation: [Double]
  /// What is added to the nets' numbers by type, `[types][net width]`; energies in eV
  /// (`bias_atom_e`, the bias that the TensorFlow backend fits).
  public var bias: [Double]
  /// The nets.
  public let nets: FittingNets
  /// Whether all types share a single net.
  public let isShared: Bool

  /// Number of types.
  public var typeCount: Int { bias.count / netWidth }
  /// Width of the nets' last layer.
  public var netWidth: Int { networks[0].outputs }
  /// One net per type, or a single one that all types share (`mixed_types`).
  public var networks: [DenseNetwork] { nets.networks }

  /// Lays out fitting nets for `typeCount` types on descriptor rows `descriptorWidth` wide, besides
  /// which atoms have so many `vectors`; nets that mend frames read rows of `denoising` widths.
  public init(
    _ options: FittingOptions, typeCount: Int, descriptorWidth: Int, vectors: Int = 0,
    denoising: DenoisingWidths? = nil, isShared: Bool = false, in layout: inout ParameterLayout
  ) {
    precondition(options.trainable.count == options.neuron.count + 1)
    self.options = options
    frameParameterMean = Array(repeating: 0, count: options.frameParameters)
    frameParameterInverseDeviation = Array(repeating: 1, count: options.frameParameters)
    atomParameterMean = Array(repeating: 0, count: options.atomParameters)
    atomParameterInverseDeviation = Array(repeating: 1, count: options.atomParameters)
    let width = options.output.netWidth(vectors: vectors)
    precondition(width > 0, "\(options.output.type) behind a descriptor without vectors")
    bias = Array(repeating: 0, count: typeCount * width)
    self.isShared = isShared
    if let denoising, options.output.mendsFrames {
      nets = .denoising(options, types: width, denoising, in: &layout)
      return
    }
    let count = isShared ? 1 : typeCount
    let networks = Self.networks(count, options, descriptorWidth, output: width, in: &layout)
    let hasEnergy = options.output.hasEnergyNets
    nets = FittingNets(
      networks: networks,
      energy: Self.networks(
        hasEnergy ? count : 0, options, descriptorWidth, output: 1, in: &layout))
  }

  private static func networks(
    _ count: Int, _ options: FittingOptions, _ descriptorWidth: Int, output: Int,
    in layout: inout ParameterLayout
  ) -> [DenseNetwork] {
    (0..<count).map { _ in
      DenseNetwork(
        inputs: descriptorWidth + options.frameParameters + options.atomParameters,
        hidden: options.neuron, output: output, activation: options.activation,
        resnetTimestep: options.resnetTimestep, precision: options.precision, in: &layout)
    }
  }

  /// Makes fitting nets from `networks` that are laid out already, as below.
  public init(
    _ options: FittingOptions, networks: [DenseNetwork], typeCount: Int? = nil,
    isShared: Bool = false
  ) {
    self.init(
      options, nets: FittingNets(networks: networks), typeCount: typeCount, isShared: isShared)
  }

  /// Makes fitting nets from `nets` that are laid out already, with bias 0 and without
  /// normalization; there is one net per type, or one for all `typeCount` types.
  public init(
    _ options: FittingOptions, nets: FittingNets, typeCount: Int? = nil, isShared: Bool = false
  ) {
    let networks = nets.networks
    precondition(nets.energy.count == (options.output.hasEnergyNets ? networks.count : 0))
    precondition(!isShared || networks.count == 1)
    self.isShared = isShared
    precondition(options.trainable.count == options.neuron.count + 1)
    precondition(networks.allSatisfy { $0.outputs == networks[0].outputs })
    self.options = options
    frameParameterMean = Array(repeating: 0, count: options.frameParameters)
    frameParameterInverseDeviation = Array(repeating: 1, count: options.frameParameters)
    atomParameterMean = Array(repeating: 0, count: options.atomParameters)
    atomParameterInverseDeviation = Array(repeating: 1, count: options.atomParameters)
    bias = Array(repeating: 0, count: (typeCount ?? networks.count) * networks[0].outputs)
    self.nets = nets
  }
}

/// All nets of a fitting.
public struct FittingNets: Sendable, Equatable {
  /// Those whose numbers are the output's, or make it.
  public let networks: [DenseNetwork]
  /// Those of the energy beside direct forces, as many; none for other outputs.
  public let energy: [DenseNetwork]
  /// What models that mend frames have besides their net of types; nil for others.
  public let heads: DenoisingHeads?

  /// Puts them together.
  public init(
    networks: [DenseNetwork], energy: [DenseNetwork] = [], heads: DenoisingHeads? = nil
  ) {
    (self.networks, self.energy, self.heads) = (networks, energy, heads)
  }

  /// The same nets with places of their own in `layout`; where types have nets of their own, in the
  /// order `order` if one is given.
  func laidOut(in layout: inout ParameterLayout, order: [Int]? = nil) -> FittingNets {
    func moved(_ nets: [DenseNetwork]) -> [DenseNetwork] {
      let inOrder = nets.isEmpty ? [] : order.map { $0.map { nets[$0] } } ?? nets
      return inOrder.map { $0.laidOut(in: &layout) }
    }
    let networks = moved(networks), energy = moved(energy)
    return FittingNets(
      networks: networks, energy: energy,
      heads: heads?.laidOut(networks[0].precision, in: &layout))
  }
}
