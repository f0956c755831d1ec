import Atoms
import Kernels
import Measurement

/// The passes of the fitting nets over one frame, with what they hand to each other.
///
/// The atoms of each type are the rows of one tape, so that the weights' gradient is one product per layer; the
/// other passes go over tiles of rows, each through all layers at once.
final class FittingSweeps<Scalar: NetworkScalar>: @unchecked Sendable {
  // Unchecked: tiles run on several threads, each on its own rows.
  private(set) var fitting: EnergyFitting
  private var frame = Frame(types: [], positions: [], cell: nil)
  /// The atoms of each type that has an energy.
  private(set) var atoms: [[Int]] = []
  private var tiles: [(type: Int, rows: Range<Int>)] = []
  private let tapes: [NetworkTape<Scalar>]
  /// The same for the nets at a descriptor of zero, where the energy of isolated atoms is given.
  private let vacuumTapes: [NetworkTape<Scalar>]
  private let width: Int, threads: Int

  /// Memory for passes of `fitting` on descriptor rows `width` wide.
  init(_ fitting: EnergyFitting, width: Int, threads: Int) {
    self.fitting = fitting
    self.width = width
    self.threads = threads
    tapes = fitting.networks.map { NetworkTape($0) }
    vacuumTapes = fitting.networks.map { NetworkTape($0) }
  }

  /// Turns to `frame`; atoms of `silentTypes` have no energy.
  func begin(
    _ fitting: EnergyFitting, frame: Frame, silentTypes: Set<Int>, forTraining: Bool
  ) {
    self.fitting = fitting
    self.frame = frame
    atoms = fitting.networks.indices.map { type in
      silentTypes.contains(type) ? [] : frame.types.indices.filter { frame.types[$0] == type }
    }
    tiles = []
    for (type, atoms) in atoms.enumerated() where !atoms.isEmpty {
      tapes[type].prepare(rows: atoms.count, forTraining: forTraining)
      fillParameters(of: type, tapes[type])
      if fitting.subtractsVacuum(of: type) {
        vacuumTapes[type].prepare(rows: atoms.count)
        fillParameters(of: type, vacuumTapes[type])
        for k in atoms.indices { clearDescriptor(of: k, vacuumTapes[type]) }
      }
      tiles += tileRows(atoms.count).map { (type, $0) }
    }
  }

  /// Where the descriptor writes its rows: `D`, and `DDot`.
  var inputs: AtomRows<Scalar> { rows { $0.input } }
  var inputTangents: AtomRows<Scalar> { rows { $0.inputTangent } }
  /// Where it finds the adjoints of its rows: `DBar`, and `DBarDot`.
  var inputAdjoints: AtomRows<Scalar> { rows { $0.inputAdjoint } }
  var inputAdjointTangents: AtomRows<Scalar> { rows { $0.inputAdjointTangent } }

  /// Energies of all atoms, biases left out, and the adjoints of the inputs for an adjoint of 1 of every energy.
  func forwardBackward(
    _ parameters: ParameterPointers, forTraining: Bool, into energies: Buffer<Double>
  ) {
    nonisolated(unsafe) let base = Scalar.base(of: parameters)  // read only
    energies.clear(frame.types.count)
    forEachTile { type, rows in
      let tape = tapes[type], vacuum = vacuumTapes[type], network = fitting.networks[type]
      measure(.fittingForward, network.forwardWork(rows: rows.count)) {
        network.forward(base, on: tape, rows: rows, forTraining: forTraining)
      }
      for k in rows {
        energies.base[atoms[type][k]] = Double(tape.output[k])
        tape.outputAdjoint[k] = 1
      }
      measure(.fittingBackward, network.backwardWork(rows: rows.count)) {
        network.backward(base, on: tape, rows: rows)
      }
      guard fitting.subtractsVacuum(of: type) else { return }
      network.forward(base, on: vacuum, rows: rows, forTraining: forTraining)
      for k in rows { energies.base[atoms[type][k]] -= Double(vacuum.output[k]) }
    }
  }

  /// Takes in the tangents of the inputs, and gives the tangents of their adjoints and the parameters' gradient for
  /// adjoint tangents `seeds` of the energies.
  func tangentBackwardTangent(
    _ parameters: ParameterPointers, _ seeds: [Double], addingTo gradient: GradientPointers
  ) {
    nonisolated(unsafe) let base = Scalar.base(of: parameters)  // read only
    nonisolated(unsafe) let to = Scalar.base(of: gradient)  // pieces are disjoint
    let replaces = gradient.replaces
    forEachTile { type, rows in
      let tape = tapes[type], network = fitting.networks[type]
      for k in rows {
        let rest = tape.inputTangent + k * network.inputs + width
        rest.update(repeating: 0, count: network.inputs - width)
        tape.outputAdjointTangent[k] = Scalar(seeds[atoms[type][k]])
      }
      measure(.fittingTangent, network.tangentWork(rows: rows.count)) {
        network.tangent(base, on: tape, rows: rows)
      }
      measure(.fittingBackwardTangent, network.backwardTangentWork(rows: rows.count)) {
        network.backwardTangent(base, on: tape, rows: rows)
      }
      if fitting.subtractsVacuum(of: type) { vacuumPasses(base, type, rows, seeds) }
    }
    let types = atoms.indices.filter { !atoms[$0].isEmpty }
    for type in atoms.indices where atoms[type].isEmpty && replaces {
      let range = fitting.networks[type].parameterRange
      clear(to + range.lowerBound, range.count)
    }
    let pieces = types.flatMap { type in
      fitting.networks[type].gradientPieces.map { (type: type, piece: $0) }
    }
    forEachItem(below: pieces.count, workers: threads) { item, _ in
      let (type, piece) = pieces[item], network = fitting.networks[type]
      let rows = atoms[type].count
      measure(.fittingGradient, network.gradientWork(rows: rows, piece: piece)) {
        network.addGradient(on: tapes[type], piece: piece, to: to, replacing: replaces)
      }
      if fitting.subtractsVacuum(of: type) {
        network.addGradient(on: vacuumTapes[type], piece: piece, to: to)
      }
    }
  }

  /// The passes for `-Σ seed net(0)`: with zero tangents they are plain backpropagation.
  private func vacuumPasses(
    _ base: UnsafePointer<Scalar>, _ type: Int, _ rows: Range<Int>, _ seeds: [Double]
  ) {
    let tape = vacuumTapes[type], network = fitting.networks[type]
    for k in rows {
      (tape.inputTangent + k * network.inputs).update(repeating: 0, count: network.inputs)
      tape.outputAdjoint[k] = 0
      tape.outputAdjointTangent[k] = Scalar(-seeds[atoms[type][k]])
    }
    network.backward(base, on: tape, rows: rows)
    network.tangent(base, on: tape, rows: rows)
    network.backwardTangent(base, on: tape, rows: rows)
  }

  /// Rows cut into tiles of nearly equal size: whole blocks of eight, at most six of them.
  private func tileRows(_ count: Int) -> [Range<Int>] {
    let tiles = (count + 47) / 48, size = ((count + tiles - 1) / tiles + 7) / 8 * 8
    return stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
  }

  private func forEachTile(_ body: @Sendable (Int, Range<Int>) -> Void) {
    forEachItem(below: tiles.count, workers: threads) { item, _ in
      body(tiles[item].type, tiles[item].rows)
    }
  }

  private func rows(
    _ base: (NetworkTape<Scalar>) -> UnsafeMutablePointer<Scalar>
  ) -> AtomRows<Scalar> {
    var pointers: [UnsafeMutablePointer<Scalar>?] = Array(repeating: nil, count: frame.types.count)
    for (type, atoms) in atoms.enumerated() {
      let base = base(tapes[type]), inputs = fitting.networks[type].inputs
      for (k, atom) in atoms.enumerated() { pointers[atom] = base + k * inputs }
    }
    return AtomRows(pointers: pointers)
  }

  /// Writes frame and atom parameters behind the place of the descriptor.
  private func fillParameters(of type: Int, _ tape: NetworkTape<Scalar>) {
    let frameParameters = fitting.normalizedFrameParameters(of: frame)
    for (k, atom) in atoms[type].enumerated() {
      let rest = tape.input + k * fitting.networks[type].inputs + width
      let parameters = frameParameters + fitting.normalizedAtomParameters(of: atom, in: frame)
      for (m, value) in parameters.enumerated() { rest[m] = Scalar(value) }
    }
  }

  private func clearDescriptor(of k: Int, _ tape: NetworkTape<Scalar>) {
    (tape.input + k * (width + fitting.options.frameParameters + fitting.options.atomParameters))
      .update(repeating: 0, count: width)
  }
}

extension EnergyFitting {
  /// Whether the nets of `type` give the energy above that of an isolated atom.
  func subtractsVacuum(of type: Int) -> Bool {
    type < options.atomEnergies.count && options.atomEnergies[type] != nil
  }

  /// `(fparam - mean) × inverse deviation`.
  func normalizedFrameParameters(of frame: Frame) -> [Double] {
    precondition(frame.frameParameters.count == options.frameParameters, "wrong number of fparam")
    return frame.frameParameters.indices.map {
      (frame.frameParameters[$0] - frameParameterMean[$0]) * frameParameterInverseDeviation[$0]
    }
  }

  /// `(aparam - mean) × inverse deviation` of one atom.
  func normalizedAtomParameters(of atom: Int, in frame: Frame) -> [Double] {
    let count = options.atomParameters
    precondition(
      frame.atomParameters.count == count * frame.types.count, "wrong number of aparam")
    return (0..<count).map {
      (frame.atomParameters[atom * count + $0] - atomParameterMean[$0])
        * atomParameterInverseDeviation[$0]
    }
  }
}
