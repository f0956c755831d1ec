import Kernels

/// What most descriptors have in common: the neighbors that they see, the rows that stand for them,
/// and the nets that embed these.
public struct LocalOptions: Sendable, Equatable {
  /// Radii in Å between which the smooth switch falls from one to zero (`rcut_smth`, `rcut`).
  public var innerCutoff = 0.5, outerCutoff = 6.0
  /// Neighbor slots (`sel`): of each type, or one number for all types together.
  public var slots: [Int] = []
  /// Layer widths of the embedding nets (`neuron`).
  public var neuron = [10, 20, 40]
  /// Whether embedding nets have timesteps where the widths allow a shortcut (`resnet_dt`).
  public var resnetTimestep = false
  /// Pairs of types that do not see each other (`exclude_types`).
  public var excludedPairs: [[Int]] = []
  /// Added to every distance, in Å (`env_protection`).
  public var protection = 0.0
  /// Leave the mean environment at zero (`set_davg_zero`).
  public var meanIsZero = false
  /// Activation function of the embedding nets.
  public var activation = Activation.tanh
  /// Number format of the nets and of what is made of their outputs.
  public var precision = Precision.float64
  /// Whether training changes the nets.
  public var trainable = true
  /// Tables that are evaluated in place of the nets, as a compressed model of DeePMD-kit has them,
  /// in the order of the nets; empty if the nets are evaluated.  Such a model may have no nets.
  public var tables: [PolynomialTable] = []

  /// Makes options with DeePMD-kit's defaults, and without slots.
  public init() {}

}

extension DescriptorPartOptions {
  /// Slots belong to types, and rows are those of the environment matrix, unless it says otherwise.
  public var isMixed: Bool { false }
  /// See `isMixed`.
  public var rowWidth: Int { 4 }
  /// One list, unless it says otherwise.
  public var lists: [ListOptions] {
    [ListOptions(local, isMixed: isMixed, rowWidth: rowWidth)]
  }

  /// Sets the slots of its one list, unless it says otherwise.
  public mutating func setSlots(_ slots: [[Int]]) {
    precondition(slots.count == 1, "slots of one list")
    self.slots = slots[0]
  }

  /// All neighbor slots of an atom.
  public var slotCount: Int { slots.reduce(0, +) }

  /// Which of `typeCount` types' neighbors atoms have, and in which slots, in a model in which
  /// `excludedPairs` of types are no neighbors.
  public func neighborRule(typeCount: Int, excludedPairs: [[Int]]) -> NeighborRule {
    ListOptions(local, isMixed: isMixed).neighborRule(
      typeCount: typeCount, excludedPairs: excludedPairs)
  }

  /// The embedding nets of `count` types or pairs of types; none if there are tables.
  func embeddingNets(_ count: Int, in layout: inout ParameterLayout) -> [DenseNetwork] {
    tables.isEmpty ? (0..<count).map { _ in embeddingNet(inputs: 1, in: &layout) } : []
  }

  /// An embedding net of `inputs` numbers.
  func embeddingNet(inputs: Int, in layout: inout ParameterLayout) -> DenseNetwork {
    DenseNetwork(
      inputs: inputs, hidden: neuron, output: nil, activation: activation,
      resnetTimestep: resnetTimestep, precision: precision, in: &layout)
  }

  /// Mean 0 and deviation 1, `[types][slots][rowWidth]`, of its one list.
  func noStatistics(types: Int) -> (mean: [Double], deviation: [Double]) {
    let none = lists[0].noNormalization(types: types)
    return (none.mean, none.deviation)
  }
}

/// Options of a descriptor; the common ones are read and set as its own.
public protocol DescriptorPartOptions: Sendable, Equatable {
  /// The same as one of the kinds.
  var wrapped: DescriptorOptions { get }
  /// The common options.
  var local: LocalOptions { get set }
  /// Whether slots, and the fitting net, are for all types together.
  var isMixed: Bool { get }
  /// Numbers of a row that have statistics: 4 of the environment matrix, or 1, its radial part.
  var rowWidth: Int { get }
  /// The lists of neighbors that it asks for, at least one.
  var lists: [ListOptions] { get }
  /// Gives each of `lists` its neighbor slots.
  mutating func setSlots(_ slots: [[Int]])
}

extension DescriptorPartOptions {
  /// See `LocalOptions`.
  public var innerCutoff: Double {
    get { local.innerCutoff }
    set { local.innerCutoff = newValue }
  }
  /// See `LocalOptions`.
  public var outerCutoff: Double {
    get { local.outerCutoff }
    set { local.outerCutoff = newValue }
  }
  /// See `LocalOptions`.
  public var slots: [Int] {
    get { local.slots }
    set { local.slots = newValue }
  }
  /// See `LocalOptions`.
  public var neuron: [Int] {
    get { local.neuron }
    set { local.neuron = newValue }
  }
  /// See `LocalOptions`.
  public var resnetTimestep: Bool {
    get { local.resnetTimestep }
    set { local.resnetTimestep = newValue }
  }
  /// See `LocalOptions`.
  public var excludedPairs: [[Int]] {
    get { local.excludedPairs }
    set { local.excludedPairs = newValue }
  }
  /// See `LocalOptions`.
  public var protection: Double {
    get { local.protection }
    set { local.protection = newValue }
  }
  /// See `LocalOptions`.
  public var meanIsZero: Bool {
    get { local.meanIsZero }
    set { local.meanIsZero = newValue }
  }
  /// See `LocalOptions`.
  public var activation: Activation {
    get { local.activation }
    set { local.activation = newValue }
  }
  /// See `LocalOptions`.
  public var precision: Precision {
    get { local.precision }
    set { local.precision = newValue }
  }
  /// See `LocalOptions`.
  public var trainable: Bool {
    get { local.trainable }
    set { local.trainable = newValue }
  }
  /// See `LocalOptions`.
  public var tables: [PolynomialTable] {
    get { local.tables }
    set { local.tables = newValue }
  }
}
