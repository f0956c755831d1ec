import Kernels
import Random
import Testing

/// A network with everything a network can have, and one random point and direction for it.
struct NetworkCase: Sendable, CustomTestStringConvertible {
  let activation: Activation
  let hidden: [Int]
  let output: Int?
  var resnetTimestep = true

  var testDescription: String { "\(activation.name) \(hidden)" }

  static let all: [NetworkCase] =
    [.tanh, .softplus, .sigmoid, .gelu, .silu, .silut(threshold: 0.4), .linear, .relu, .relu6]
    .map { NetworkCase(activation: $0, hidden: [3, 3, 6, 5], output: 2) } + [
      NetworkCase(activation: .tanh, hidden: [4, 8, 8], output: nil),
      NetworkCase(activation: .gelu, hidden: [6, 12], output: 1),
      NetworkCase(activation: .tanh, hidden: [5, 10, 10], output: nil, resnetTimestep: false),
    ]

  /// Last layers of tanh with one, two and no shortcuts, and one layer alone.
  static let embeddings = [[25, 50, 100], [20, 20], [6, 9], [13]].map {
    NetworkCase(activation: .tanh, hidden: $0, output: nil, resnetTimestep: false)
  }
}

@Suite struct DenseNetworkTests {
  let rows = 5, inputs = 3

  func network(_ c: NetworkCase) -> (DenseNetwork, [Double]) {
    var layout = ParameterLayout()
    let network = DenseNetwork(
      inputs: inputs, hidden: c.hidden, output: c.output, activation: c.activation,
      resnetTimestep: c.resnetTimestep, precision: .float64, in: &layout)
    return (network, numbers(layout.float64Count, step: 1, scale: 0.6))
  }

  func numbers(_ count: Int, step: UInt64, scale: Double = 1) -> [Double] {
    var random = CounterRandom(seed: 11, purpose: "network test", step: step)
    return (0..<count).map { _ in scale * random.normal() }
  }

  /// Runs all four passes and gives `y`, `xBar`, `yDot`, `xBarDot` and the gradient.
  func passes(
    _ network: DenseNetwork, _ p: [Double], x: [Double], yBar: [Double], xDot: [Double],
    yBarDot: [Double]
  ) -> (y: [Double], xBar: [Double], yDot: [Double], xBarDot: [Double], gradient: [Double]) {
    let tape = NetworkTape<Double>(network)
    tape.prepare(rows: rows)
    tape.input.update(from: x, count: x.count)
    network.forward(p, on: tape, rows: 0..<rows, forTraining: true)
    tape.outputAdjoint.update(from: yBar, count: yBar.count)
    network.backward(p, on: tape, rows: 0..<rows)
    tape.inputTangent.update(from: xDot, count: xDot.count)
    network.tangent(p, on: tape, rows: 0..<rows, forTraining: true)
    tape.outputAdjointTangent.update(from: yBarDot, count: yBarDot.count)
    var gradient = Array(repeating: 0.0, count: p.count)
    gradient.withUnsafeMutableBufferPointer {
      network.backwardTangent(p, on: tape, rows: 0..<rows)
      network.addGradient(on: tape, to: $0.baseAddress!)
    }
    func copy(_ base: UnsafeMutablePointer<Double>, _ width: Int) -> [Double] {
      Array(UnsafeBufferPointer(start: base, count: rows * width))
    }
    return (
      copy(tape.output, network.outputs), copy(tape.inputAdjoint, inputs),
      copy(tape.outputTangent, network.outputs), copy(tape.inputAdjointTangent, inputs), gradient
    )
  }

  func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  /// The plain twin of `forward`: the definition, number by number.
  func plain(_ network: DenseNetwork, _ p: [Double], _ x: [Double]) -> [Double] {
    var x = x
    for layer in network.layers {
      x = (0..<rows).flatMap { row in
        (0..<layer.outputs).map { o in
          var z = layer.biases.map { p[$0.lowerBound + o] } ?? 0
          for i in 0..<layer.inputs {
            z += x[row * layer.inputs + i] * p[layer.weights.lowerBound + i * layer.outputs + o]
          }
          let c = layer.timesteps.map { p[$0.lowerBound + o] } ?? 1
          let hasShortcut = layer.outputs == layer.inputs || layer.outputs == 2 * layer.inputs
          return c * layer.activation.jet(z).value
            + (hasShortcut && layer.wantsShortcut ? x[row * layer.inputs + o % layer.inputs] : 0)
        }
      }
    }
    return x
  }

  @Test(arguments: NetworkCase.all) func `forward is the definition`(c: NetworkCase) {
    let (network, p) = network(c)
    let x = numbers(rows * inputs, step: 2), zero = Array(repeating: 0.0, count: rows * inputs)
    let bar = Array(repeating: 0.0, count: rows * network.outputs)
    let fast = passes(network, p, x: x, yBar: bar, xDot: zero, yBarDot: bar).y
    for (a, b) in zip(fast, plain(network, p, x)) { #expect(abs(a - b) <= 1e-14 * max(1, abs(b))) }
  }

  @Test(arguments: NetworkCase.all) func `the passes are derivatives of each other`(c: NetworkCase)
  {
    let (network, p) = network(c)
    let x = numbers(rows * inputs, step: 2), xDot = numbers(rows * inputs, step: 3)
    let yBar = numbers(rows * network.outputs, step: 4)
    let yBarDot = numbers(rows * network.outputs, step: 5)
    let result = passes(network, p, x: x, yBar: yBar, xDot: xDot, yBarDot: yBarDot)

    // <yBar, J xDot> = <Jᵀ yBar, xDot> to rounding: there is no step size to choose.
    let (left, right) = (dot(yBar, result.yDot), dot(result.xBar, xDot))
    #expect(abs(left - right) <= 1e-13 * max(abs(left), 1))

    // Tangents against central differences along (xDot, yBarDot).
    let h = 1e-6
    func moved(_ s: Double) -> (y: [Double], xBar: [Double]) {
      let q = passes(
        network, p, x: zip(x, xDot).map { $0 + s * $1 },
        yBar: zip(yBar, yBarDot).map { $0 + s * $1 }, xDot: xDot, yBarDot: yBarDot)
      return (q.y, q.xBar)
    }
    let (up, down) = (moved(h), moved(-h))
    for k in result.yDot.indices {
      #expect(abs((up.y[k] - down.y[k]) / (2 * h) - result.yDot[k]) <= 1e-7)
    }
    for k in result.xBarDot.indices {
      #expect(abs((up.xBar[k] - down.xBar[k]) / (2 * h) - result.xBarDot[k]) <= 1e-7)
    }
  }

  @Test(arguments: NetworkCase.all)
  func `the gradient is the derivative of both sweeps`(c: NetworkCase) {
    // The gradient is that of <yBarDot, y> + <yBar, yDot> at fixed directions.
    let (network, p) = network(c)
    let x = numbers(rows * inputs, step: 2), xDot = numbers(rows * inputs, step: 3)
    let yBar = numbers(rows * network.outputs, step: 4)
    let yBarDot = numbers(rows * network.outputs, step: 5)
    func value(_ p: [Double]) -> Double {
      let q = passes(network, p, x: x, yBar: yBar, xDot: xDot, yBarDot: yBarDot)
      return dot(yBarDot, q.y) + dot(yBar, q.yDot)
    }
    let gradient = passes(network, p, x: x, yBar: yBar, xDot: xDot, yBarDot: yBarDot).gradient
    let h = 1e-6
    for k in stride(from: 0, to: p.count, by: 7) {
      var (up, down) = (p, p)
      up[k] += h
      down[k] -= h
      let difference = (value(up) - value(down)) / (2 * h)
      #expect(abs(difference - gradient[k]) <= 2e-7 * max(1, abs(gradient[k])))
    }
  }

  /// With large weights the last layer is nearly flat, and shortcuts are larger than its values.
  @Test(arguments: NetworkCase.all + NetworkCase.embeddings, [1.0, 5])
  func `outputs that are known change nothing of the gradient`(c: NetworkCase, factor: Double) {
    let (network, p) = network(c)
    let weights = p.map { $0 * factor }
    let found = gradient(network, weights, ofKnownOutputs: true)
    let plain = gradient(network, weights, ofKnownOutputs: false)
    let scale = plain.map(abs).max() ?? 0
    for (a, b) in zip(found, plain) { #expect(abs(a - b) <= 1e-13 * scale) }

    var layout = ParameterLayout()
    let narrow = DenseNetwork(
      inputs: inputs, hidden: c.hidden, output: c.output, activation: c.activation,
      resnetTimestep: c.resnetTimestep, precision: .float32, in: &layout)
    func error(ofKnownOutputs: Bool) -> Double {
      let rounded = gradient(narrow, weights.map { Float($0) }, ofKnownOutputs: ofKnownOutputs)
      return zip(rounded, plain).map { abs(Double($0) - $1) }.max() ?? .nan
    }
    // Steep nets lose digits of float32 in any case.
    #expect(error(ofKnownOutputs: true) <= max(4 * error(ofKnownOutputs: false), 1e-5 * scale))
  }

  /// The gradient of `Σ (yBarDot · y + yBar · yDot)` by the four passes, or by fewer with the
  /// outputs that they give.
  func gradient<Scalar: NetworkScalar>(
    _ network: DenseNetwork, _ p: [Scalar], ofKnownOutputs: Bool
  ) -> [Scalar] {
    func random(_ width: Int, _ step: UInt64) -> [Scalar] {
      numbers(rows * width, step: step).map { Scalar($0) }
    }
    let tape = NetworkTape<Scalar>(network), (n, m) = (network.inputs, network.outputs)
    tape.prepare(rows: rows)
    tape.input.update(from: random(n, 2), count: rows * n)
    tape.inputTangent.update(from: random(n, 3), count: rows * n)
    tape.outputAdjoint.update(from: random(m, 4), count: rows * m)
    tape.outputAdjointTangent.update(from: random(m, 5), count: rows * m)
    network.forward(p, on: tape, rows: 0..<rows, forTraining: true)
    network.tangent(p, on: tape, rows: 0..<rows, forTraining: true)
    let y = (0..<rows * m).map { tape.output[$0] }
    let yDot = (0..<rows * m).map { tape.outputTangent[$0] }
    var gradient = Array(repeating: Scalar(0), count: p.count)
    if ofKnownOutputs {
      network.addGradient(p, on: tape, outputs: y, tangents: yDot, to: &gradient)
    } else {
      network.backward(p, on: tape, rows: 0..<rows)
      network.backwardTangent(p, on: tape, rows: 0..<rows)
      network.addGradient(on: tape, to: &gradient)
    }
    return gradient
  }

  @Test func `a tape that has been used before changes no bit`() {
    let (network, p) = network(NetworkCase.all[0])
    let used = NetworkTape<Double>(network)
    for (rows, forTraining) in [(5, true), (3, true), (5, false), (5, true), (9, true), (2, false)]
    {
      func adjoints(_ tape: NetworkTape<Double>) -> [Double] {
        let (n, m) = (rows * network.inputs, rows * network.outputs)
        tape.prepare(rows: rows, forTraining: forTraining)
        tape.input.update(from: numbers(n, step: 2), count: n)
        tape.outputAdjoint.update(from: numbers(m, step: 4), count: m)
        network.forward(p, on: tape, rows: 0..<rows, forTraining: forTraining)
        network.backward(p, on: tape, rows: 0..<rows)
        let bar = (0..<n).map { tape.inputAdjoint[$0] }
        guard forTraining else { return bar }
        tape.inputTangent.update(from: numbers(n, step: 3), count: n)
        tape.outputAdjointTangent.update(from: numbers(m, step: 5), count: m)
        network.tangent(p, on: tape, rows: 0..<rows, forTraining: true)
        network.backwardTangent(p, on: tape, rows: 0..<rows)
        return bar + (0..<n).map { tape.inputAdjointTangent[$0] }
      }
      #expect(adjoints(used) == adjoints(NetworkTape(network)))
    }
  }

  /// Layers with more rows than inputs and fewer, whose weights are transposed or not, and of more
  /// outputs than a product has terms in a block.
  @Test func `cutting the rows of a layer's passes changes no bit`() {
    var layout = ParameterLayout()
    let network = DenseNetwork(
      inputs: 9, hidden: [18, 18, 500], output: 30, activation: .tanh, resnetTimestep: false,
      precision: .float64, in: &layout)
    let p = numbers(layout.float64Count, step: 1, scale: 0.2), rows = 40
    let whole = adjoints(network, p, rows, cut: [0..<rows])
    #expect(whole.contains { $0 != 0 })
    #expect(adjoints(network, p, rows, cut: [0..<3, 3..<20, 20..<rows]) == whole)
  }

  /// `xBar` and `xBarDot`, computed for one range of rows after the other.
  func adjoints(
    _ network: DenseNetwork, _ p: [Double], _ rows: Int, cut: [Range<Int>]
  ) -> [Double] {
    let tape = NetworkTape<Double>(network),
      (n, m) = (rows * network.inputs, rows * network.outputs)
    tape.prepare(rows: rows)
    tape.input.update(from: numbers(n, step: 2), count: n)
    tape.inputTangent.update(from: numbers(n, step: 3), count: n)
    tape.outputAdjoint.update(from: numbers(m, step: 4), count: m)
    tape.outputAdjointTangent.update(from: numbers(m, step: 5), count: m)
    for range in cut {
      network.forward(p, on: tape, rows: range, forTraining: true)
      network.backward(p, on: tape, rows: range)
      network.tangent(p, on: tape, rows: range, forTraining: true)
      network.backwardTangent(p, on: tape, rows: range)
    }
    return (0..<n).map { tape.inputAdjoint[$0] } + (0..<n).map { tape.inputAdjointTangent[$0] }
  }

  @Test(arguments: [false, true], [1, 7, 48])
  func `values and slopes are those of the passes, wherever they are written`(
    resnetTimestep: Bool, count: Int
  ) {
    var layout = ParameterLayout()
    let network = DenseNetwork(
      inputs: 1, hidden: [25, 50, 100], output: nil, activation: .tanh,
      resnetTimestep: resnetTimestep, precision: .float64, in: &layout)
    let p = numbers(layout.float64Count, step: 1, scale: 0.4), x = numbers(count, step: 2)
    let tape = NetworkTape<Double>(network), size = count * network.outputs
    var values = Array(repeating: 0.0, count: size), slopes = values
    network.valuesAndSlopes(
      p, on: tape, count: count, of: { x[$0] }, into: &values, slopes: &slopes)
    let plain = NetworkTape<Double>(network)
    plain.prepare(rows: count)
    for k in 0..<count { (plain.input[k], plain.inputTangent[k]) = (x[k], 1) }
    network.forward(p, on: plain, rows: 0..<count, forTraining: true)
    network.tangent(p, on: plain, rows: 0..<count, forTraining: true)
    #expect(values == (0..<size).map { plain.output[$0] })
    #expect(slopes == (0..<size).map { plain.outputTangent[$0] })
  }
}
