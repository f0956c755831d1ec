import Atoms
import Diagnostics

/// A data set as one model sees it: types by the model's type map, atoms in the model's order,
/// frame by frame with labels.
public struct LabeledSystem: Sendable {
  /// The data, types translated, atoms in file order.
  public let system: AtomicSystem
  /// Whether frames have their atoms sorted by type.
  public let sortsAtoms: Bool
  /// The order of the atoms if it is the same for all frames.
  private let sharedOrder: [Int]?
  /// The types of the atoms in that order.
  private let sharedTypes: [Int]?
  private let frameParameters: Int
  private let atomParameters: Int

  /// Prepares `system` for a model of `typeMap` that takes `frameParameters` numbers per frame
  /// (`numb_fparam`) and `atomParameters` per atom (`numb_aparam`).
  ///
  /// Training sorts atoms by type, as DeePMD-kit does; evaluation keeps the order of the file.
  /// Throws `ToolError` of kind `.data` for an element that `typeMap` lacks and for parameters that
  /// the model takes but the data do not have.
  public init(
    _ system: AtomicSystem, typeMap: [String], frameParameters: Int = 0, atomParameters: Int = 0,
    sortingAtoms: Bool = true
  ) throws {
    self.system = try system.translated(to: typeMap)
    self.frameParameters = frameParameters
    self.atomParameters = atomParameters
    sortsAtoms = sortingAtoms
    if !sortingAtoms {
      sharedOrder = Array(0..<system.atomCount)
    } else {
      sharedOrder = self.system.frameTypes == nil ? self.system.order(ofFrame: 0) : nil
    }
    let types = self.system.types
    sharedTypes = self.system.frameTypes == nil ? sharedOrder?.map { types[$0] } : nil
    try requireParameters("fparam", frameParameters, per: "frame", rows: system.frameCount)
    try requireParameters(
      "aparam", atomParameters, per: "atom", rows: system.frameCount * system.atomCount)
  }

  /// Where the data came from, for messages.
  public var place: String { system.place }
  /// Number of frames.
  public var frameCount: Int { system.frameCount }
  /// Number of atoms in each frame, padding atoms included.
  public var atomCount: Int { system.atomCount }
  /// Whether the frames have cells.
  public var isPeriodic: Bool { system.isPeriodic }

  /// Whether the data have the label `name` (DeePMD-kit's word: `energy`, `force`, ...).
  public func has(_ name: String) -> Bool { system.labels[name] != nil }

  /// The atoms of frame `index` in the order in which `frame(_:)` gives them, as places in the file.
  public func order(ofFrame index: Int) -> [Int] {
    sharedOrder ?? system.order(ofFrame: index)
  }

  private func requireParameters(_ name: String, _ width: Int, per: String, rows: Int) throws {
    guard width > 0 else { return }
    guard let values = system.labels[name] else {
      throw ToolError(
        .data, at: place, "has no \(name), but the model takes \(width) numbers per \(per)",
        remedy: "add \(name).npy to every set of the system")
    }
    guard values.count == rows * width else {
      throw ToolError(
        .data, at: place,
        "\(name) has \(values.count / rows) numbers per \(per), but the model takes \(width)")
    }
  }
}

extension LabeledSystem {
  /// Frame `index` and what is known of it; forces and other labels of atoms in the atoms' order.
  public func frame(_ index: Int) -> LabeledFrame {
    precondition(index >= 0 && index < frameCount, "no frame \(index)")
    let order = order(ofFrame: index)
    let frame = Frame(
      types: types(index, order), positions: vectors(system.positions, index, order),
      cell: isPeriodic ? Cell(rows: system.cells[index * 9..<index * 9 + 9]) : nil,
      frameParameters: frameParameters > 0 ? label("fparam", index).map(Array.init) ?? [] : [],
      atomParameters: atomParameters > 0 ? perAtom("aparam", index, order) ?? [] : [])
    return LabeledFrame(frame, labels(index, order, frame.types))
  }

  private func labels(_ index: Int, _ order: [Int], _ types: [Int]) -> FrameLabels {
    var labels = FrameLabels()
    labels.energy = label("energy", index)?.first
    labels.virial = label("virial", index).map { Matrix3(rows: $0) }
    labels.atomEnergies = perAtom("atom_ener", index, order)
    labels.forceWeights = perAtom("atom_pref", index, order)
    labels.generalizedDirections = perAtom("drdq", index, order)
    labels.atomEnergyCoefficients = perAtom("atom_ener_coeff", index, order)
    guard let values = system.labels["force"] else { return labels }
    var forces = vectors(values, index, order)
    // Padding atoms have no force, whatever the file holds there.
    for atom in types.indices where types[atom] < 0 { forces[atom] = .zero }
    labels.forces = forces
    return labels
  }

  /// The types of the atoms in their order; frames of one composition share one array.
  private func types(_ index: Int, _ order: [Int]) -> [Int] {
    if let sharedTypes { return sharedTypes }
    let types = system.types(ofFrame: index)
    return order.map { types[types.startIndex + $0] }
  }

  /// The numbers of a label that belong to frame `index`.
  private func label(_ name: String, _ index: Int) -> ArraySlice<Double>? {
    guard let values = system.labels[name] else { return nil }
    let width = values.count / frameCount
    return values[index * width..<(index + 1) * width]
  }

  /// A label of atoms in their order, as many numbers per atom as the data have; zero for padding atoms.
  private func perAtom(_ name: String, _ index: Int, _ order: [Int]) -> [Double]? {
    guard let values = label(name, index) else { return nil }
    let types = system.types(ofFrame: index), width = values.count / atomCount
    var result: [Double] = []
    result.reserveCapacity(values.count)
    for atom in order {
      let first = values.startIndex + atom * width
      if types[types.startIndex + atom] < 0 {
        result.append(contentsOf: repeatElement(0, count: width))
      } else {
        result.append(contentsOf: values[first..<first + width])
      }
    }
    return result
  }

  /// Three numbers of each atom in frame `index`, in the atoms' order.
  private func vectors(_ values: [Double], _ index: Int, _ order: [Int]) -> [SIMD3<Double>] {
    let first = index * 3 * atomCount
    return order.map { atom in
      let x = first + 3 * atom
      return SIMD3(values[x], values[x + 1], values[x + 2])
    }
  }
}
