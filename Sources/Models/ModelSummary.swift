import DeepPotential
import Files
import Kernels

/// What a model is, for people and scripts: `dp-freeze --info`.
public struct ModelSummary: Sendable, Encodable {
  /// Networks of one kind.
  public struct Networks: Sendable, Encodable {
    /// How many there are.
    public let count: Int
    /// Widths from input to output.
    public let widths: [Int]
    /// Activation function of the hidden layers.
    public let activation: String
    /// Whether layers have timesteps (`resnet_dt`).
    public let timesteps: Bool
    /// Number format.
    public let precision: String
    /// Numbers in all of them.
    public let parameters: Int
  }

  /// A descriptor in a hybrid.
  public struct Part: Sendable, Encodable {
    /// Its kind.
    public let descriptor: String
    /// Inner and outer cutoff in Å (`rcut_smth`, `rcut`).
    public let innerCutoff: Double, outerCutoff: Double
    /// Neighbor slots per type, or of all types (`sel`).
    public let slots: [Int]
    /// The embedding nets.
    public let embedding: Networks
  }

  /// Names of the types.
  public let typeMap: [String]
  /// Kind of the descriptor.
  public let descriptor: String
  /// The parts of a hybrid, nil for others.  What follows is then that of the neighbors that all
  /// parts choose theirs from, and of all embedding nets, with the widths of the first one.
  public let parts: [Part]?
  /// Inner and outer cutoff in Å (`rcut_smth`, `rcut`).
  public let innerCutoff: Double, outerCutoff: Double
  /// Neighbor slots per type, or of all types (`sel`).
  public let slots: [Int]
  /// Columns of the second factor of the descriptor (`axis_neuron`), if it has one.
  public let axisWidth: Int?
  /// Whether the embedding depends on the neighbor's type only (`type_one_side`), where that is a
  /// choice.
  public let typeOneSide: Bool?
  /// Pairs of types that do not see each other (`exclude_types` and `pair_exclude_types`).
  public let excludedPairs: [[Int]]
  /// Types without an energy (`atom_exclude_types` and the fitting net's `exclude_types`).
  public let excludedTypes: [Int]
  /// The `model` section of an input that lays out such a model: all of its keys.
  public let definition: JSONValue
  /// The embedding nets.
  public let embedding: Networks
  /// The fitting nets.
  public let fitting: Networks
  /// Numbers per frame and per atom that the model needs besides coordinates.
  public let frameParameters: Int, atomParameters: Int
  /// The frame parameters of frames without (`default_fparam`), if there are some.
  public let defaultFrameParameters: [Double]?
  /// Energy bias per type in eV: `out_bias`, plus `bias_atom_e` of types with a fitting net.
  public let bias: [Double]
  /// Smallest distance in the training data in Å, if known.
  public let minimumDistance: Double?
  /// Steps of training behind it; nil for a model that is no checkpoint.
  public let step: Int?
  /// Where it comes from.
  public let provenance: [String: String]

  /// Sums up `stored`, a checkpoint after `step` steps if given.
  public init(_ stored: StoredModel, step: Int? = nil) {
    let model = stored.model, fitting = model.fitting
    let options = model.descriptor.options
    descriptor = options.name
    innerCutoff = options.innerCutoff
    excludedPairs = options.parts.flatMap(\.excludedPairs) + model.excludedPairs
    parts = Part.all(of: model)
    (axisWidth, typeOneSide) = (options.axisWidth, options.typeOneSide)
    embedding = Networks(
      model.descriptor.embeddings, options.parts[0].activation, options.parts[0].resnetTimestep,
      parameters: model.parameterCount(of: .descriptor))
    typeMap = model.typeMap
    outerCutoff = model.descriptor.outerCutoff
    slots = model.descriptor.slots
    excludedTypes = Set(model.excludedAtomTypes + fitting.options.excludedTypes).sorted()
    self.fitting = Networks(
      fitting.networks, fitting.options.activation, fitting.options.resnetTimestep,
      parameters: model.parameterCount(of: .fitting))
    definition = model.definition
    frameParameters = model.inputs.frameParameters
    atomParameters = model.inputs.atomParameters
    defaultFrameParameters = model.inputs.defaultFrameParameters
    bias = model.energyBias
    minimumDistance = stored.minimumDistance
    self.step = step
    provenance = stored.provenance
  }
}

extension ModelSummary.Part {
  /// The parts of a hybrid; nil for other descriptors.
  fileprivate static func all(of model: EnergyModel) -> [ModelSummary.Part]? {
    guard case .hybrid(let hybrid) = model.descriptor else { return nil }
    return hybrid.parts.enumerated().map { number, part in
      let options = part.options
      let parameters = model.tensors.filter { $0.name.place.hasPrefix("list[\(number)]/") }
      return ModelSummary.Part(
        descriptor: options.name, innerCutoff: options.innerCutoff,
        outerCutoff: options.outerCutoff, slots: options.slots,
        embedding: ModelSummary.Networks(
          part.embeddings, options.activation, options.resnetTimestep,
          parameters: parameters.reduce(0) { $0 + $1.count }))
    }
  }
}

extension ModelSummary.Networks {
  fileprivate init(
    _ networks: [DenseNetwork], _ activation: Activation, _ timesteps: Bool, parameters: Int
  ) {
    let first = networks[0]
    count = networks.count
    widths = [first.inputs] + first.layers.map(\.outputs)
    self.activation = activation.name
    self.timesteps = timesteps
    precision = first.precision.rawValue
    self.parameters = parameters
  }
}
