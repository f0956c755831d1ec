import Kernels
import Random
import Testing

/// Values, slopes and curvatures of an embedding net, and the gradient of what is made of them.
@Suite struct JetTests {
  static let activations: [Activation] = [.tanh, .gelu, .silu, .softplus, .sigmoid, .linear]

  func network(_ activation: Activation, _ hidden: [Int]) -> (DenseNetwork, [Double]) {
    var layout = ParameterLayout()
    let network = DenseNetwork(
      inputs: 1, hidden: hidden, output: nil, activation: activation, resnetTimestep: true,
      precision: .float64, in: &layout)
    var random = CounterRandom(seed: 31, purpose: "jets")
    return (network, (0..<layout.float64Count).map { _ in 0.5 * random.normal() })
  }

  /// The jets at `points` points from `first` on, `[points][3][outputs]`.
  func jets(
    _ network: DenseNetwork, _ p: [Double], points: Int, first: Double, spacing: Double
  ) -> [Double] {
    let tape = JetTape<Double>(network)
    tape.prepare(points: points, first: first, spacing: spacing)
    network.jets(p, on: tape)
    return Array(UnsafeBufferPointer(start: tape.output, count: 3 * points * network.outputs))
  }

  @Test(arguments: activations, [[4, 8, 8, 3], [25, 50, 100]])
  func `slopes and curvatures are differences`(activation: Activation, hidden: [Int]) {
    let (network, p) = network(activation, hidden), w = network.outputs, h = 1e-4
    for x in [-0.8, 0.1, 2.7] {
      let near = jets(network, p, points: 3, first: x - h, spacing: h)
      func part(_ point: Int, _ order: Int, _ o: Int) -> Double {
        near[(3 * point + order) * w + o]
      }
      for o in 0..<w {
        let slope = (part(2, 0, o) - part(0, 0, o)) / (2 * h)
        let curvature = (part(2, 1, o) - part(0, 1, o)) / (2 * h)
        #expect(abs(slope - part(1, 1, o)) <= 1e-6 * max(1, abs(slope)))
        #expect(abs(curvature - part(1, 2, o)) <= 1e-6 * max(1, abs(curvature)))
      }
    }
  }

  @Test(arguments: activations)
  func `the gradient is the difference of any sum of jets`(activation: Activation) {
    let (network, p) = network(activation, [5, 10, 20]), points = 7, used = 5, h = 1e-6
    var random = CounterRandom(seed: 32, purpose: "jets")
    let bar = (0..<3 * used * network.outputs).map { _ in random.normal() }
    func sum(_ p: [Double]) -> Double {
      let values = jets(network, p, points: points, first: -1, spacing: 0.4)
      return zip(values, bar).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let tape = JetTape<Double>(network)
    tape.prepare(points: points, first: -1, spacing: 0.4)
    network.jets(p, on: tape)
    tape.outputAdjoint.update(from: bar, count: bar.count)
    var gradient = [Double](repeating: 1, count: p.count)
    network.addJetGradient(p, on: tape, points: used, to: &gradient, replacing: false)
    for k in p.indices {
      var (up, down) = (p, p)
      up[k] += h
      down[k] -= h
      let difference = (sum(up) - sum(down)) / (2 * h)
      #expect(abs(difference - (gradient[k] - 1)) <= 1e-6 * max(1, abs(difference)))
    }
  }
}
