import Kernels
import Measurement
import Testing

/// Operation counts against counts by hand.
struct WorkTests {
  @Test func `a product counts two operations per multiply-add and each number once`() {
    let work = Work.product(rows: 2, columns: 3, inner: 5, size: 8)
    #expect(work == Work(operations: 60, bytes: Double(10 + 15 + 6) * 8))
  }

  /// 3 inputs, a tanh layer 4 wide, a linear output: 16 + 5 parameters.
  private func network() -> DenseNetwork {
    var layout = ParameterLayout()
    return DenseNetwork(
      inputs: 3, hidden: [4], output: 1, activation: .tanh, resnetTimestep: false,
      precision: .float64, in: &layout)
  }

  @Test func `passes of a network count its products, biases and functions`() {
    let network = network()
    // 12 and 4 weights, 5 outputs, 10 rows; a tanh with its slope is 40 operations, a bias is one.
    let products: Double = 10 * 2 * 16
    let forward: Double = products + 10 * 165, backward: Double = products + 10 * 5
    let backwardTangent: Double = products + 10 * 5 * 4
    #expect(network.forwardWork(rows: 10).operations == forward)
    #expect(network.backwardWork(rows: 10).operations == backward)
    #expect(network.tangentWork(rows: 10).operations == backward)
    #expect(network.backwardTangentWork(rows: 10).operations == backwardTangent)
  }

  @Test func `the weights' gradient counts values and tangents, in pieces or whole`() {
    let network = network()
    let whole = network.gradientWork(rows: 10), expected: Double = 2 * 10 * 2 * 16
    #expect(whole.operations == expected)
    let pieces = network.gradientPieces.map { network.gradientWork(rows: 10, piece: $0) }
    #expect(pieces.reduce(.uncounted, +) == whole)
  }
}
