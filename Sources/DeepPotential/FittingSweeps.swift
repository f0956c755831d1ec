import Atoms
import Kernels
import Measurement

/// The passes of the fitting nets over one frame, with the memory that they share.
///
/// For training, one tape holds the rows of all atoms of a type, so that the gradient of the
/// weights is one matrix product per layer.  The other passes take the rows of one tile at a time,
/// and a prediction has memory for one tile per worker only.
final class FittingSweeps<Scalar: NetworkScalar>: @unchecked Sendable {
  // Unchecked: threads work on rows of their own.
  private(set) var fitting: EnergyFitting
  private var frame = Frame(types: [], positions: [], cell: nil)
  private var inputs = ModelInputs()
  private var silentTypes: Set<Int> = [], isTraining = false
  private var parameters: ParameterPointers?
  /// Number of atoms of each type, `[types]`; 0 for types without an energy.
  private var counts: [Int] = []
  /// Tapes of all nets: for the rows of all atoms, and for one tile of each worker.
  private let whole: FittingTapes<Scalar>, workers: [FittingTapes<Scalar>]
  /// Energies of all atoms in eV without biases, as `forwardBackward` computes them.
  let energies = Buffer<Double>()
  /// Adjoint tangents of the energies.
  private var seeds: [Double] = []
  private let width: Int

  /// Makes memory for passes of `fitting` on descriptor rows `width` wide.
  init(_ fitting: EnergyFitting, width: Int, threads: Int) {
    self.fitting = fitting
    self.width = width
    whole = FittingTapes(fitting)
    workers = (0..<threads).map { _ in FittingTapes(fitting) }
  }

  /// Takes `frame` and new parameters; atoms of `silentTypes` have no energy.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func begin(
    _ fitting: EnergyFitting, _ parameters: ParameterPointers, frame: Frame,
    silentTypes: Set<Int>, forTraining: Bool
  ) {
    self.fitting = fitting
    inputs = fitting.inputs
    self.parameters = parameters
    self.frame = frame
    self.silentTypes = silentTypes
    isTraining = forTraining
    energies.reserve(frame.types.count)
    energies.clear(frame.types.count)
    counts = fitting.networks.indices.map { type in
      silentTypes.contains(type) ? 0 : frame.types.count { $0 == type }
    }
    guard forTraining else { return }
    for type in counts.indices where counts[type] > 0 {
      whole.prepare(type, rows: counts[type], fitting, forTraining: true)
    }
  }

  /// The rows of the atoms of `tile`; nil if they have no energy.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func rows(of tile: AtomTile, worker: Int) -> FittingRows<Scalar>? {
    let type = tile.type
    if silentTypes.contains(type) { return nil }
    let tapes = isTraining ? whole : workers[worker]
    if !isTraining { tapes.prepare(type, rows: tile.atoms.count, fitting, forTraining: false) }
    let rows = FittingRows(
      type: type, atoms: tile.atoms, range: isTraining ? tile.rows : 0..<tile.atoms.count,
      tape: tapes.tapes[type],
      vacuum: fitting.subtractsVacuum(of: type) ? tapes.vacuumTapes[type] : nil,
      stride: fitting.networks[type].inputs)
    fillParameters(of: rows)
    return rows
  }

  /// Computes the energies of the atoms of `rows`, and their derivatives with respect to the
  /// inputs.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func forwardBackward(_ rows: FittingRows<Scalar>) {
    let base = pointer, network = fitting.networks[rows.type], tape = rows.tape
    measure(.fittingForward, network.forwardWork(rows: rows.range.count)) {
      network.forward(base, on: tape, rows: rows.range, forTraining: isTraining)
    }
    for (k, atom) in zip(rows.range, rows.atoms) {
      energies.base[atom] = Double(tape.output[k])
      tape.outputAdjoint[k] = 1
    }
    measure(.fittingBackward, network.backwardWork(rows: rows.range.count)) {
      network.backward(base, on: tape, rows: rows.range)
    }
    guard let vacuum = rows.vacuum else { return }
    network.forward(base, on: vacuum, rows: rows.range, forTraining: isTraining)
    for (k, atom) in zip(rows.range, rows.atoms) {
      energies.base[atom] -= Double(vacuum.output[k])
    }
  }

  /// The descriptors of atoms of `types`, `[atoms][width]`; `forwardBackward` must have run on all
  /// rows for training.
  func descriptors(_ types: [Int]) -> [Double] {
    precondition(isTraining, "a prediction keeps no rows")
    var values = Array(repeating: 0.0, count: types.count * width), next = counts.map { _ in 0 }
    for (atom, type) in types.enumerated() where type >= 0 && counts[type] > 0 {
      let row = whole.tapes[type].input + next[type] * fitting.networks[type].inputs
      for k in 0..<width { values[atom * width + k] = Double(row[k]) }
      next[type] += 1
    }
    return values
  }

  /// Sets the adjoint tangents of all atoms' energies for `tangentBackwardTangent`.
  func seed(_ seeds: [Double]) { self.seeds = seeds }

  /// Computes the tangents of the input adjoints from the tangents of the inputs.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func tangentBackwardTangent(_ rows: FittingRows<Scalar>) {
    let base = pointer, network = fitting.networks[rows.type], tape = rows.tape
    for (k, atom) in zip(rows.range, rows.atoms) {
      clear(tape.inputTangent + k * network.inputs + width, network.inputs - width)
      tape.outputAdjointTangent[k] = Scalar(seeds[atom])
    }
    measure(.fittingTangent, network.tangentWork(rows: rows.range.count)) {
      network.tangent(base, on: tape, rows: rows.range, forTraining: true)
    }
    measure(.fittingBackwardTangent, network.backwardTangentWork(rows: rows.range.count)) {
      network.backwardTangent(base, on: tape, rows: rows.range)
    }
    if let vacuum = rows.vacuum { vacuumPasses(rows, vacuum) }
  }

  /// Adds the gradient of the fitting nets over all rows; `tangentBackwardTangent` must have run on
  /// every tile.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func addGradient(to gradient: GradientPointers, threads: Int) {
    nonisolated(unsafe) let to = Scalar.base(of: gradient)  // pieces are disjoint
    let replaces = gradient.replaces
    for type in counts.indices where counts[type] == 0 && replaces {
      let range = fitting.networks[type].parameterRange
      clear(to + range.lowerBound, range.count)
    }
    // The types with most atoms come first, so that all threads end at about the same time.
    let types = counts.indices.filter { counts[$0] > 0 }.sorted { counts[$0] > counts[$1] }
    let pieces = types.flatMap { type in
      fitting.networks[type].gradientPieces.map { (type: type, piece: $0) }
    }
    forEachItem(below: pieces.count, workers: threads) { item, _ in
      let (type, piece) = pieces[item], network = fitting.networks[type]
      measure(.fittingGradient, network.gradientWork(rows: counts[type], piece: piece)) {
        network.addGradient(on: whole.tapes[type], piece: piece, to: to, replacing: replaces)
      }
      if fitting.subtractsVacuum(of: type) {
        network.addGradient(on: whole.vacuumTapes[type], piece: piece, to: to)
      }
    }
  }

  /// Runs the passes for `-Σ seed net(0)`; as its tangents are zero, they are backpropagation.
  private func vacuumPasses(_ rows: FittingRows<Scalar>, _ vacuum: NetworkTape<Scalar>) {
    let base = pointer, network = fitting.networks[rows.type]
    for (k, atom) in zip(rows.range, rows.atoms) {
      clear(vacuum.inputTangent + k * network.inputs, network.inputs)
      vacuum.outputAdjoint[k] = 0
      vacuum.outputAdjointTangent[k] = Scalar(-seeds[atom])
    }
    network.backward(base, on: vacuum, rows: rows.range)
    network.tangent(base, on: vacuum, rows: rows.range, forTraining: true)
    network.backwardTangent(base, on: vacuum, rows: rows.range)
  }

  private var pointer: UnsafePointer<Scalar> {
    guard let parameters else { preconditionFailure("begin comes first") }
    return Scalar.base(of: parameters)
  }

  /// Writes frame and atom parameters behind the descriptor of each row, and sets the descriptors
  /// of the vacuum rows to zero.
  private func fillParameters(of rows: FittingRows<Scalar>) {
    if inputs.isEmpty && rows.vacuum == nil { return }
    let parameters = inputs.normalized(frame)
    for (k, atom) in zip(rows.range, rows.atoms) {
      let values = parameters.ofAtom(atom)
      for tape in [rows.tape, rows.vacuum].compactMap(\.self) {
        let rest = tape.input + k * rows.stride + width
        for (m, value) in values.enumerated() { rest[m] = Scalar(value) }
      }
      if let vacuum = rows.vacuum { clear(vacuum.input + k * rows.stride, width) }
    }
  }
}

/// The tapes of all fitting nets.
private final class FittingTapes<Scalar: NetworkScalar>: @unchecked Sendable {
  // Unchecked: each thread works on its own rows or its own tapes.
  let tapes: [NetworkTape<Scalar>]
  /// Tapes of the same nets at a descriptor of zero.
  let vacuumTapes: [NetworkTape<Scalar>]

  init(_ fitting: EnergyFitting) {
    tapes = fitting.networks.map { NetworkTape($0) }
    vacuumTapes = fitting.networks.map { NetworkTape($0) }
  }

  func prepare(_ type: Int, rows: Int, _ fitting: EnergyFitting, forTraining: Bool) {
    tapes[type].prepare(rows: rows, forTraining: forTraining)
    if fitting.subtractsVacuum(of: type) {
      vacuumTapes[type].prepare(rows: rows, forTraining: forTraining)
    }
  }
}
