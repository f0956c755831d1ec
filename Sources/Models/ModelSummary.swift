import DeepPotential
import Files
import Kernels

/// A summary of a model for people and scripts, as `dp-freeze --info` prints it.
public struct ModelSummary: Sendable, Encodable {
  /// Networks of one kind.
  public struct Networks: Sendable, Encodable {
    /// Number of networks, or of the tables that a compressed model has in place of them.
    public let count: Int
    /// Whether tables are in place of networks; whether these are layers in which atoms exchange
    /// messages, with the widths of nodes, edges and angles.
    public let areTables: Bool, areLayers: Bool
    /// Widths from the input to the output.
    public let widths: [Int]
    /// Activation function of the hidden layers.
    public let activation: String
    /// Whether layers have timesteps (`resnet_dt`).
    public let timesteps: Bool
    /// Number format.
    public let precision: String
    /// Number of parameters of all networks.
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

  /// A tabulated pair potential.
  public struct Table: Sendable, Encodable {
    /// What becomes of its energy, in words.
    public let use: String
    /// Where it begins and ends, and the distance between its rows, in Å.
    public let first: Double, cutoff: Double, spacing: Double
    /// Number of intervals between rows.
    public let intervals: Int
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
  /// Neighbor slots of each type, or their number for all types together (`sel`).
  public let slots: [Int]
  /// The axis width (`axis_neuron`); nil if the descriptor has none.
  public let axisWidth: Int?
  /// Whether the embedding depends on the neighbor's type only (`type_one_side`); nil if the
  /// descriptor has no such option.
  public let typeOneSide: Bool?
  /// Pairs of types that do not see each other (`exclude_types` and `pair_exclude_types`).
  public let excludedPairs: [[Int]]
  /// Types without an energy (`atom_exclude_types` and the fitting net's `exclude_types`).
  public let excludedTypes: [Int]
  /// The `model` section of an input that lays out such a model, with all keys.
  public let definition: JSONValue
  /// The embedding nets.
  public let embedding: Networks
  /// The fitting nets.
  public let fitting: Networks
  /// The tabulated pair potentials that the energy also has.
  public let pairPotentials: [Table]
  /// How the embedding nets are evaluated; nil if it was not asked.
  public let tables: String?
  /// Number of frame parameters and of atom parameters (`numb_fparam`, `numb_aparam`).
  public let frameParameters: Int, atomParameters: Int
  /// The parameters of frames that come without parameters (`default_fparam`); nil if there are
  /// none.
  public let defaultFrameParameters: [Double]?
  /// What the model gives: the name of its labels, and how many numbers a frame has; where nets
  /// give forces alone, these.
  public let output: String, outputWidth: Int
  /// Whether nets give the forces, which are no derivatives then.
  public let hasDirectForces: Bool
  /// Bias per type, `[types][width]`: for energies `out_bias` plus `bias_atom_e` of types with a
  /// fitting net, in eV; for others `out_bias`.
  public let bias: [Double]
  /// Smallest distance between atoms in the training data in Å; nil if it is not known.
  public let minimumDistance: Double?
  /// Number of training steps before the checkpoint; nil for a model that is no checkpoint.
  public let step: Int?
  /// The origin of the model: program, versions, arguments, digests of the inputs.
  public let provenance: [String: String]

  /// Summarizes `stored`, whose embedding nets are evaluated as `tables` says; `step` is the number
  /// of training steps if it is a checkpoint.
  public init(_ stored: StoredModel, step: Int? = nil, tables: TableUse? = nil) {
    self.tables = tables?.text
    let model = stored.model, fitting = model.fitting
    let options = model.descriptor.options
    descriptor = options.name
    innerCutoff = options.innerCutoff
    excludedPairs = options.parts.flatMap(\.excludedPairs) + model.excludedPairs
    parts = Part.all(of: model)
    (axisWidth, typeOneSide) = (options.axisWidth, options.typeOneSide)
    embedding = Networks(
      model.descriptor, options.parts[0], parameters: model.parameterCount(of: .descriptor))
    typeMap = model.typeMap
    outerCutoff = model.outerCutoff
    pairPotentials = model.pairPotentials.map(Table.init)
    slots = model.descriptor.slots
    excludedTypes = Set(model.excludedAtomTypes + fitting.options.excludedTypes).sorted()
    self.fitting = Networks(
      fitting.networks + fitting.nets.energy, fitting.options.activation,
      fitting.options.resnetTimestep,
      parameters: model.parameterCount(of: .fitting))
    definition = model.definition
    frameParameters = model.inputs.frameParameters
    atomParameters = model.inputs.atomParameters
    defaultFrameParameters = model.inputs.defaultFrameParameters
    let given = model.output
    hasDirectForces = given.forces == .direct
    (output, outputWidth) =
      hasDirectForces && !given.isReduced ? ("force", 3) : (given.name, given.width)
    bias = model.bias
    minimumDistance = stored.minimumDistance
    self.step = step
    provenance = stored.provenance
  }
}

extension ModelSummary.Part {
  /// The parts of a hybrid; nil for other descriptors.
  fileprivate static func all(of model: EnergyModel) -> [ModelSummary.Part]? {
    let key = model.mixture == nil ? "list" : "models"
    guard case .hybrid(let hybrid) = model.descriptor else { return nil }
    return hybrid.parts.enumerated().map { number, part in
      let options = part.options
      let parameters = model.tensors.filter {
        $0.name.part == .descriptor && $0.name.place.hasPrefix("\(key)[\(number)]/")
      }
      return ModelSummary.Part(
        descriptor: options.name, innerCutoff: options.innerCutoff,
        outerCutoff: options.outerCutoff, slots: options.slots,
        embedding: ModelSummary.Networks(
          part, options, parameters: parameters.reduce(0) { $0 + $1.count }))
    }
  }
}

extension ModelSummary.Networks {
  /// The nets or tables of a descriptor, of whose first part the other numbers are.
  fileprivate init(_ descriptor: Descriptor, _ options: DescriptorOptions, parameters: Int) {
    let nets = descriptor.embeddings, tables = descriptor.parts.flatMap { $0.options.tables }
    let messages = nets.isEmpty ? descriptor.messages : nil
    count = messages?.layers ?? (nets.isEmpty ? tables.count : nets.count)
    (areTables, areLayers) = (nets.isEmpty && messages == nil, messages != nil)
    let hidden = nets.first.map { $0.layers.map(\.outputs) }
    widths =
      messages?.widths
      ?? [nets.first?.inputs ?? 1] + (hidden ?? tables.prefix(1).map(\.outputs))
    (activation, timesteps) = (options.activation.name, options.resnetTimestep)
    precision = options.precision.rawValue
    self.parameters = parameters
  }

  fileprivate init(
    _ networks: [DenseNetwork], _ activation: Activation, _ timesteps: Bool, parameters: Int
  ) {
    let first = networks[0]
    (count, areTables, areLayers) = (networks.count, false, false)
    widths = [first.inputs] + first.layers.map(\.outputs)
    self.activation = activation.name
    self.timesteps = timesteps
    precision = first.precision.rawValue
    self.parameters = parameters
  }
}
