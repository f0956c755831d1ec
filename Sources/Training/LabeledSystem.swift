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
    let types = system.types(ofFrame: index)
    let cell =
      isPeriodic ? Cell(rows: system.cells[index * 9..<index * 9 + 9]) : nil
    let frame = Frame(
      types: order.map { types[types.startIndex + $0] },
      positions: vectors(rows(of: system.positions, index), order), cell: cell,
      frameParameters: frameParameters > 0 ? label("fparam", index) ?? [] : [],
      atomParameters: atomParameters > 0 ? atomLabel("aparam", index, order) ?? [] : [])
    return LabeledFrame(frame, labels(index, order))
  }

  private func labels(_ index: Int, _ order: [Int]) -> FrameLabels {
    var labels = FrameLabels()
    labels.energy = label("energy", index)?.first
    labels.forces = perAtom("force", index).map { vectors($0[...], order) }
    labels.virial = label("virial", index).map { Matrix3(rows: $0) }
    labels.atomEnergies = atomLabel("atom_ener", index, order)
    labels.forceWeights = atomLabel("atom_pref", index, order)
    labels.generalizedDirections = atomLabel("drdq", index, order)
    labels.atomEnergyCoefficients = atomLabel("atom_ener_coeff", index, order)
    return labels
  }

  /// The part of `values` that belongs to frame `index`.
  private func rows(of values: [Double], _ index: Int) -> ArraySlice<Double> {
    let width = values.count / frameCount
    return values[index * width..<(index + 1) * width]
  }

  private func label(_ name: String, _ index: Int) -> [Double]? {
    system.labels[name].map { Array(rows(of: $0, index)) }
  }

  /// A label of atoms in file order; zero for padding atoms, whatever the file holds there.
  private func perAtom(_ name: String, _ index: Int) -> [Double]? {
    guard var values = label(name, index) else { return nil }
    guard system.frameTypes != nil else { return values }
    let width = values.count / atomCount
    for (atom, type) in system.types(ofFrame: index).enumerated() where type < 0 {
      for i in atom * width..<(atom + 1) * width { values[i] = 0 }
    }
    return values
  }

  /// A label of atoms in the atoms' order, as many numbers per atom as the data have.
  private func atomLabel(_ name: String, _ index: Int, _ order: [Int]) -> [Double]? {
    guard let values = perAtom(name, index) else { return nil }
    let width = values.count / atomCount
    return order.flatMap { values[$0 * width..<($0 + 1) * width] }
  }

  private func vectors(_ values: ArraySlice<Double>, _ order: [Int]) -> [SIMD3<Double>] {
    let start = values.startIndex
    return order.map { atom in
      let x = start + 3 * atom
      return SIMD3(values[x], values[x + 1], values[x + 2])
    }
  }
}
