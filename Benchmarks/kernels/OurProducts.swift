import Kernels

/// Times our own products, by the passes of a linear layer: the product, and what little a pass
/// does besides.
func timeOurProducts<Scalar: NetworkScalar>(of type: Scalar.Type) -> [Row] {
  productShapes.map { shape in
    var layout = ParameterLayout()
    let network = DenseNetwork(
      precision: Scalar.precision,
      layers: [
        DenseLayer(
          inputs: shape.inputs, outputs: shape.outputs, activation: .linear, hasBias: false,
          hasTimestep: false, wantsShortcut: false, precision: Scalar.precision, in: &layout)
      ])
    let weights = filled(shape.inputs * shape.outputs, of: type), gradient = filled(0, of: type)
    gradient.reserve(shape.inputs * shape.outputs)
    gradient.clear(shape.inputs * shape.outputs)
    let tape = NetworkTape<Scalar>(network), rows = 0..<shape.rows
    tape.prepare(rows: shape.rows)
    fill(tape.input, 2 * shape.rows * shape.inputs)
    fill(tape.outputAdjoint, shape.rows * shape.outputs)
    fill(tape.outputAdjointTangent, shape.rows * shape.outputs)
    network.forward(weights.base, on: tape, rows: rows, forTraining: true)
    network.backward(weights.base, on: tape, rows: rows)
    network.tangent(weights.base, on: tape, rows: rows, forTraining: true)
    network.backwardTangent(weights.base, on: tape, rows: rows)
    let seconds = secondsPerCall {
      switch shape.kind {
      case .forward: network.forward(weights.base, on: tape, rows: rows, forTraining: false)
      case .pullBack: network.backward(weights.base, on: tape, rows: rows)
      case .gradient: network.addGradient(on: tape, to: gradient.base)
      }
    }
    return withExtendedLifetime((weights, gradient)) {
      Row(
        shape.name, Scalar.precision.rawValue, seconds: seconds,
        work: shape.work(size: MemoryLayout<Scalar>.stride))
    }
  }
}

/// `count` numbers between -0.5 and 0.5.
func filled<Scalar: NetworkScalar>(_ count: Int, of type: Scalar.Type) -> Buffer<Scalar> {
  let buffer = Buffer<Scalar>(count)
  fill(buffer.base, count)
  return buffer
}

/// Writes numbers between -0.5 and 0.5.
func fill<Scalar: NetworkScalar>(_ numbers: UnsafeMutablePointer<Scalar>, _ count: Int) {
  for k in 0..<count { numbers[k] = Scalar(Double(k % 97) / 97 - 0.5) }
}
