import Atoms
import Kernels

/// The four passes of the fitting nets over one frame, with what they hand to each other.
///
/// Rows are descriptor rows, `[atoms][width]`, always float64; outputs are one energy per atom, biases left out.
protocol FittingSweeps: AnyObject {
  /// Turns to `frame`; atoms of `silentTypes` have no energy.
  func begin(
    _ fitting: EnergyFitting, parameters: ParameterBuffers, frame: Frame, silentTypes: Set<Int>)
  /// Energies of all atoms from their descriptor rows; zero for padding atoms and excluded types.
  func forward(_ rows: Buffer<Double>, forTraining: Bool, into energies: inout [Double])
  /// Adjoints of the rows for an adjoint of 1 of every energy.
  func backward(into rowsBar: Buffer<Double>)
  /// Takes in the tangents of the rows.
  func tangent(along rowsDot: Buffer<Double>)
  /// Tangents of the rows' adjoints, and the parameters' gradient, for adjoint tangents `seeds` of the energies.
  func backwardTangent(
    _ seeds: [Double], into rowsBarDot: Buffer<Double>, addingTo gradient: ParameterBuffers)
}

/// The passes in one precision: the atoms of each type are the rows of one batch.
final class TypedFittingSweeps<Scalar: NetworkScalar>: FittingSweeps {
  private var fitting: EnergyFitting
  private var parameters = Buffer<Scalar>()
  private var frame = Frame(types: [], positions: [], cell: nil)
  /// The atoms of each type that has an energy.
  private var atoms: [[Int]] = []
  private let tapes: [NetworkTape<Scalar>]
  /// The same for the nets at a descriptor of zero, where the energy of isolated atoms is given.
  private let vacuumTapes: [NetworkTape<Scalar>]
  private let width: Int

  /// Memory for passes of `fitting` on descriptor rows `width` wide.
  init(_ fitting: EnergyFitting, width: Int) {
    self.fitting = fitting
    self.width = width
    tapes = fitting.networks.map { NetworkTape($0) }
    vacuumTapes = fitting.networks.map { NetworkTape($0) }
  }

  func begin(
    _ fitting: EnergyFitting, parameters: ParameterBuffers, frame: Frame, silentTypes: Set<Int>
  ) {
    self.fitting = fitting
    self.parameters = Scalar.buffer(in: parameters)
    self.frame = frame
    atoms = fitting.networks.indices.map { type in
      silentTypes.contains(type) ? [] : frame.types.indices.filter { frame.types[$0] == type }
    }
  }

  func forward(_ rows: Buffer<Double>, forTraining: Bool, into energies: inout [Double]) {
    for (type, network) in fitting.networks.enumerated() where !atoms[type].isEmpty {
      let tape = tapes[type], vacuum = vacuumTapes[type]
      fillInputs(of: type, tape, rows)
      network.forward(parameters.base, on: tape, forTraining: forTraining)
      if fitting.subtractsVacuum(of: type) {
        fillInputs(of: type, vacuum, nil)
        network.forward(parameters.base, on: vacuum, forTraining: forTraining)
      }
      for (k, atom) in atoms[type].enumerated() {
        energies[atom] = Double(tape.output[k])
        if fitting.subtractsVacuum(of: type) { energies[atom] -= Double(vacuum.output[k]) }
      }
    }
  }

  func backward(into rowsBar: Buffer<Double>) {
    rowsBar.clear(frame.types.count * width)
    for (type, network) in fitting.networks.enumerated() where !atoms[type].isEmpty {
      let tape = tapes[type]
      for k in atoms[type].indices { tape.outputAdjoint[k] = 1 }
      network.backward(parameters.base, on: tape)
      copyRows(of: type, tape.inputAdjoint, into: rowsBar)
    }
  }

  func tangent(along rowsDot: Buffer<Double>) {
    for (type, network) in fitting.networks.enumerated() where !atoms[type].isEmpty {
      let tape = tapes[type]
      for (k, atom) in atoms[type].enumerated() {
        let row = tape.inputTangent + k * network.inputs, rowDot = rowsDot.row(atom, width)
        for m in 0..<width { row[m] = Scalar(rowDot[m]) }
        for m in width..<network.inputs { row[m] = 0 }
      }
      network.tangent(parameters.base, on: tape)
    }
  }

  func backwardTangent(
    _ seeds: [Double], into rowsBarDot: Buffer<Double>, addingTo gradient: ParameterBuffers
  ) {
    rowsBarDot.clear(frame.types.count * width)
    let gradient = Scalar.buffer(in: gradient).base
    for (type, network) in fitting.networks.enumerated() where !atoms[type].isEmpty {
      let tape = tapes[type]
      for (k, atom) in atoms[type].enumerated() {
        tape.outputAdjointTangent[k] = Scalar(seeds[atom])
      }
      network.backwardTangent(parameters.base, on: tape, addingTo: gradient)
      copyRows(of: type, tape.inputAdjointTangent, into: rowsBarDot)
      if fitting.subtractsVacuum(of: type) { addVacuum(of: type, seeds, to: gradient) }
    }
  }

  /// Adds the gradient of `-Σ seed net(0)`: the same pass with zero tangents, which leaves plain backpropagation.
  private func addVacuum(
    of type: Int, _ seeds: [Double], to gradient: UnsafeMutablePointer<Scalar>
  ) {
    let tape = vacuumTapes[type], network = fitting.networks[type]
    tape.inputTangent.update(repeating: 0, count: tape.rows * network.inputs)
    tape.outputAdjoint.update(repeating: 0, count: tape.rows)
    for (k, atom) in atoms[type].enumerated() {
      tape.outputAdjointTangent[k] = Scalar(-seeds[atom])
    }
    network.backward(parameters.base, on: tape)
    network.tangent(parameters.base, on: tape)
    network.backwardTangent(parameters.base, on: tape, addingTo: gradient)
  }

  /// Writes descriptor (zero where `rows` is nil), frame and atom parameters as the inputs of the net of `type`.
  private func fillInputs(of type: Int, _ tape: NetworkTape<Scalar>, _ rows: Buffer<Double>?) {
    tape.prepare(rows: atoms[type].count)
    let frameParameters = fitting.normalizedFrameParameters(of: frame)
    let inputs = fitting.networks[type].inputs
    for (k, atom) in atoms[type].enumerated() {
      let input = tape.input + k * inputs
      if let row = rows?.row(atom, width) {
        for m in 0..<width { input[m] = Scalar(row[m]) }
      } else {
        input.update(repeating: 0, count: width)
      }
      let parameters = frameParameters + fitting.normalizedAtomParameters(of: atom, in: frame)
      for (m, value) in parameters.enumerated() { input[width + m] = Scalar(value) }
    }
  }

  /// Copies the descriptor's part of the nets' input adjoints to the atoms' rows.
  private func copyRows(
    of type: Int, _ adjoints: UnsafePointer<Scalar>, into rows: Buffer<Double>
  ) {
    let inputs = fitting.networks[type].inputs
    for (k, atom) in atoms[type].enumerated() {
      let adjoint = adjoints + k * inputs, row = rows.row(atom, width)
      for m in 0..<width { row[m] = Double(adjoint[m]) }
    }
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

  /// Memory for the passes on descriptor rows `width` wide.
  func makeSweeps(width: Int) -> any FittingSweeps {
    switch options.precision {
    case .float64: TypedFittingSweeps<Double>(self, width: width)
    case .float32: TypedFittingSweeps<Float>(self, width: width)
    }
  }
}
