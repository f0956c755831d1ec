import Atoms
import DeepPotential
import Diagnostics

/// A data set as a model sees it: types are places in the model's type map, and each frame has the
/// atoms in the model's order and the labels.
public struct LabeledSystem: Sendable {
  /// The data, in memory or in a file.
  public let source: OpenSystem
  /// The model's type of each atom in the order of the file, `[atoms]`; placeholders in a system of
  /// mixed type.
  private let types: [Int]
  /// The model's type for each type of the data; nil if they are equal.
  private let modelTypes: [Int]?
  private let sortsAtoms: Bool
  /// What the model takes besides atoms, and what it says of them.
  private let inputs: ModelInputs
  let output: OutputDefinition
  /// Types whose atoms have no values of their own that labels could be compared with.
  private let silentTypes: Set<Int>
  /// The frame parameters of all frames, where the data have none.
  private let defaultFrameParameters: [Double]?

  /// Prepares `source` for a model of `typeMap` that takes `inputs` and says `output`.  Where the
  /// data have no frame parameters, frames get the model's own (`default_fparam`) if it has some,
  /// which is posted as a notice.
  ///
  /// Training sorts atoms by type, as DeePMD-kit does; evaluation keeps the order of the file.
  /// Throws `ToolError` of kind `.data` for an element that `typeMap` lacks, for parameters that
  /// the model takes but the data do not have, and for labels of another width than the output's.
  /// Labels of atoms may lack those of `silentTypes`, with which nothing is compared.
  public init(
    _ source: OpenSystem, typeMap: [String], inputs: ModelInputs = ModelInputs(),
    output: OutputDefinition = .energy, silentTypes: Set<Int> = [], sortingAtoms: Bool = true
  ) throws {
    self.source = source
    let hasOwn = inputs.frameParameters == 0 || source.labelWidths["fparam"] != nil
    self.defaultFrameParameters = hasOwn ? nil : inputs.defaultFrameParameters
    (self.inputs, self.output, self.silentTypes) = (inputs, output, silentTypes)
    sortsAtoms = sortingAtoms
    types = try source.withoutFrames.translated(to: typeMap).types
    modelTypes =
      source.typeNames == typeMap
      ? nil : source.typeNames?.map { typeMap.firstIndex(of: $0) ?? 0 }
    if let values = self.defaultFrameParameters {
      let numbers = values.map { "\($0)" }.joined(separator: ", ")
      Notices.post("data without fparam are taken with the model's default_fparam, \(numbers)")
    } else {
      try requireParameters("fparam", inputs.frameParameters, per: "frame", rows: 1)
    }
    try requireParameters("aparam", inputs.atomParameters, per: "atom", rows: atomCount)
    try requireWidth(output.name, output.width)
    if source.labelWidths[output.atomName] != selectedWidth {
      try requireWidth(output.atomName, output.width * atomCount)
    }
  }

  /// Prepares `source` for models of `options`; see above.
  public init(
    _ source: OpenSystem, for options: ModelOptions, sortingAtoms: Bool = true
  ) throws {
    try self.init(
      source, typeMap: options.typeMap, inputs: options.inputs, output: options.output,
      silentTypes: options.fitting.output.isTensor ? options.silentTypes : [],
      sortingAtoms: sortingAtoms)
  }

  /// Prepares a system that is in memory, as above.
  public init(
    _ system: AtomicSystem, typeMap: [String], inputs: ModelInputs = ModelInputs(),
    output: OutputDefinition = .energy, sortingAtoms: Bool = true
  ) throws {
    try self.init(
      OpenSystem(system), typeMap: typeMap, inputs: inputs, output: output,
      sortingAtoms: sortingAtoms)
  }

  /// Prepares a system that is in memory for models of `options`; see above.
  public init(
    _ system: AtomicSystem, for options: ModelOptions, sortingAtoms: Bool = true
  ) throws {
    try self.init(OpenSystem(system), for: options, sortingAtoms: sortingAtoms)
  }

  /// Where the data came from, for messages.
  public var place: String { source.place }
  /// Number of frames.
  public var frameCount: Int { source.frameCount }
  /// The number of atoms in each frame, padding atoms included.
  public var atomCount: Int { source.atomCount }
  /// Whether the frames have cells.
  public var isPeriodic: Bool { source.isPeriodic }

  /// Whether the data have the label `name`, in DeePMD-kit's words (`energy`, `force`, ...).
  public func has(_ name: String) -> Bool { source.labelWidths[name] != nil }

  /// Whether the data have values that `output` is compared with.
  public func isLabeled(for output: OutputDefinition) -> Bool {
    output.isReduced && has(output.name) || output.perAtom && has(output.atomName)
  }

  /// Frame `index` and what is known of it; forces and other labels of atoms in the atoms' order.
  ///
  /// Throws the error of reading the frame.
  public func frame(_ index: Int) throws -> LabeledFrame { try orderedFrame(index).frame }

  /// The same, and for each atom its place in the file.
  public func orderedFrame(_ index: Int) throws -> (frame: LabeledFrame, order: [Int]) {
    precondition(index >= 0 && index < frameCount, "no frame \(index)")
    let data = try source.frames(index..<index + 1)
    var types = types
    if let own = data.frameTypes {
      types = modelTypes.map { map in own.map { $0 < 0 ? -1 : map[$0] } } ?? own
    }
    let order = sortsAtoms ? orderByType(types) : Array(types.indices)
    let source = SingleFrame(
      data: data, types: order.map { types[$0] }, order: order, silentTypes: silentTypes)
    var labeled = LabeledFrame(source.frame(inputs), source.labels(of: output))
    if let defaultFrameParameters { labeled.frame.frameParameters = defaultFrameParameters }
    return (labeled, order)
  }

  /// Numbers of a frame's labels of atoms that have none for atoms of silent types; nil if there
  /// are no such types, or the types of the data differ from frame to frame.
  private var selectedWidth: Int? { comparedAtomCount.map { $0 * output.width } }

  /// Number of atoms in each frame whose types are not silent; nil if no type is, or the types of
  /// the data differ from frame to frame.
  public var comparedAtomCount: Int? {
    if silentTypes.isEmpty || source.isMixed { return nil }
    return types.count { $0 >= 0 && !silentTypes.contains($0) }
  }

  private func requireWidth(_ label: String, _ width: Int) throws {
    guard let found = source.labelWidths[label], found != width else { return }
    throw ToolError(
      .data, at: place,
      "\(label) has \(counted(found, "number")) per frame, but the model gives \(width)")
  }

  private func requireParameters(_ name: String, _ width: Int, per: String, rows: Int) throws {
    guard width > 0 else { return }
    guard let count = source.labelWidths[name] else {
      throw ToolError(
        .data, at: place,
        "has no \(name), but the model takes \(counted(width, "number")) per \(per)",
        remedy: "add \(name).npy to every set of the system"
          + (name == "fparam" ? ", or give the model default_fparam" : ""))
    }
    guard count == rows * width else {
      throw ToolError(
        .data, at: place,
        "\(name) has \(counted(count / rows, "number")) per \(per), but the model takes \(width)")
    }
  }
}

extension OpenSystem {
  /// The same system with no frames.
  fileprivate var withoutFrames: AtomicSystem {
    AtomicSystem(
      place: place, typeNames: typeNames, types: types, frameTypes: isMixed ? [] : nil,
      isPeriodic: isPeriodic, frameCount: 0, positions: [], cells: [], labels: [:])
  }
}

/// One frame of a system: its data, and for its atoms, in their order, the types and the places in
/// the file.
private struct SingleFrame {
  let data: AtomicSystem
  let types: [Int], order: [Int]
  /// Types whose atoms may have no labels of their own.
  let silentTypes: Set<Int>

  /// The frame with the parameters that the model takes.
  func frame(_ inputs: ModelInputs) -> Frame {
    Frame(
      types: types, positions: vectors(data.positions),
      cell: data.isPeriodic ? Cell(rows: data.cells[...]) : nil,
      frameParameters: inputs.frameParameters > 0 ? data.labels["fparam"] ?? [] : [],
      atomParameters: inputs.atomParameters > 0 ? perAtom("aparam") ?? [] : [])
  }

  /// What the data have of the labels of `output`.
  func labels(of output: OutputDefinition) -> FrameLabels {
    var labels = FrameLabels()
    for name in output.frameLabels where name != "virial" {
      labels.values[name] = data.labels[name]
    }
    for name in output.atomLabels where name != "force" {
      labels.values[name] =
        name == output.atomName && !silentTypes.isEmpty
        ? selected(name, width: output.width) : perAtom(name)
    }
    guard output.hasForces else { return labels }
    if output.isDifferentiated {
      labels.virial = data.labels["virial"].map { Matrix3(rows: $0) }
    }
    guard let values = data.labels["force"] else { return labels }
    var forces = vectors(values)
    // Padding atoms get no force, whatever the file holds for them.
    for atom in types.indices where types[atom] < 0 { forces[atom] = .zero }
    labels.forces = forces
    return labels
  }

  /// A label of the atoms, in their order, with as many numbers per atom as the data have; zero for
  /// padding atoms.
  private func perAtom(_ name: String) -> [Double]? {
    guard let values = data.labels[name] else { return nil }
    let width = values.count / types.count
    var result: [Double] = []
    result.reserveCapacity(values.count)
    for (type, atom) in zip(types, order) {
      if type < 0 {
        result.append(contentsOf: repeatElement(0, count: width))
      } else {
        result.append(contentsOf: values[atom * width..<(atom + 1) * width])
      }
    }
    return result
  }

  /// A label of the atoms whose types are not silent, in the order of all atoms; nan for the
  /// others, of which the data may have none.
  private func selected(_ name: String, width: Int) -> [Double]? {
    guard let values = data.labels[name] else { return nil }
    let count = types.count
    var places = Array(repeating: -1, count: count), next = 0
    let isSilent = Dictionary(uniqueKeysWithValues: zip(order, types)).mapValues {
      $0 < 0 || silentTypes.contains($0)
    }
    let hasAll = values.count == width * count
    for atom in 0..<count where hasAll || isSilent[atom] == false {
      places[atom] = next
      next += 1
    }
    return order.flatMap { atom -> [Double] in
      if isSilent[atom] != false { return Array(repeating: .nan, count: width) }
      return Array(values[places[atom] * width..<(places[atom] + 1) * width])
    }
  }

  /// Three numbers of each atom, in the order of the atoms.
  private func vectors(_ values: [Double]) -> [SIMD3<Double>] {
    order.map { SIMD3(values[3 * $0], values[3 * $0 + 1], values[3 * $0 + 2]) }
  }
}
