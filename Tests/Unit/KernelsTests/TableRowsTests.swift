import Kernels
import Random
import Testing

/// Rows through several tables, against the networks that the tables stand for.
@Suite struct TableRowsTests {
  @Test(arguments: [1, 5, 8, 20, 100]) func `passes are those of the networks`(width: Int) {
    check(Double.self, width, 1e-11)
    check(Float.self, width, 1e-5)
  }

  private func check<Scalar: NetworkScalar>(_: Scalar.Type, _ width: Int, _ bound: Double) {
    var layout = ParameterLayout()
    let networks = (0..<3).map { _ in
      DenseNetwork(
        inputs: 1, hidden: [4, width], output: nil, activation: .tanh, resnetTimestep: false,
        precision: Scalar.precision, in: &layout)
    }
    var random = CounterRandom(seed: 3, purpose: "table rows")
    let parameters = (0..<layout.float64Count + layout.float32Count).map { _ in
      Scalar(0.5 * random.normal())
    }
    let count = 40, tableNumbers = (0..<count).map { Int32($0 * 7 % 3) }
    var x = (0..<count).map { Scalar(-1 + 0.07 * Double($0)) }
    var xDot = x.map { _ in Scalar(random.normal()) }
    var yBar = (0..<count * width).map { _ in Scalar(random.normal()) }
    let tables = networks.map { EmbeddingTable<Scalar>($0) }
    var nodes: [TableNodes<Scalar>] = [], adjoints = 0
    for table in tables {
      #expect(table.build(parameters, range: -1...2, largest: 2))
      nodes.append(table.nodes(adjoints: adjoints))
      adjoints += table.adjointCount(table.count)
    }
    var y = [Scalar](repeating: 0, count: count * width), yDot = y
    var xBar = [Scalar](repeating: 0, count: count)
    var nodeBar = [Scalar](repeating: 0, count: adjoints)
    let rows = { (base: UnsafeMutablePointer<Scalar>, width: Int) in Rows(base, stride: width) }
    x.withUnsafeMutableBufferPointer { x in
      guard let x = x.baseAddress else { return }
      let passes = TableRows(
        nodes, tableNumbers: tableNumbers, x: rows(x, 1), width: width, count: count)
      passes.set(into: rows(&y, width))
      passes.addBackward(rows(&yBar, width), to: rows(&xBar, 1))
      passes.addTangent(rows(&xDot, 1), to: rows(&yDot, width))
      passes.addNodeAdjoints(
        rows(&yBar, width), rows(&yBar, width), along: rows(&xDot, 1), to: &nodeBar)
    }
    var worst = 0.0, slopes: [Scalar] = []
    for p in 0..<count {
      let tape = JetTape<Scalar>(networks[Int(tableNumbers[p])])
      tape.prepare(points: 1, first: Double(x[p]), spacing: 1)
      networks[Int(tableNumbers[p])].jets(parameters, on: tape)
      var along: Scalar = 0
      for m in 0..<width {
        let value = tape.output[m], slope = tape.output[width + m], bar = yBar[p * width + m]
        worst = max(worst, Double(abs(y[p * width + m] - value)))
        worst = max(worst, Double(abs(yDot[p * width + m] - slope * xDot[p])))
        along += bar * slope
      }
      slopes.append(along)
    }
    for (found, wanted) in zip(xBar, slopes) { worst = max(worst, Double(abs(found - wanted))) }
    #expect(worst <= bound * 100)
    // The passes are linear in the nodes; parameters reach them by the nodes' jets.
    let wanted = gradient(networks, parameters, x, yBar, xDot, tableNumbers, width)
    var found = [Scalar](repeating: 0, count: parameters.count)
    for (table, nodes) in zip(tables, nodes) {
      nodeBar.withUnsafeBufferPointer { bar in
        guard let bar = bar.baseAddress else { return }
        table.addGradient(
          parameters, bar + nodes.adjoints, points: table.count, to: &found, replacing: false)
      }
    }
    let scale = wanted.map { Double(abs($0)) }.max() ?? 1
    for (a, b) in zip(found, wanted) { #expect(Double(abs(a - b)) <= bound * 100 * scale) }
  }

  /// The parameters' gradient of `Σ yBar · (G + G' xDot)`, row by row through the networks.
  private func gradient<Scalar: NetworkScalar>(
    _ networks: [DenseNetwork], _ parameters: [Scalar], _ x: [Scalar], _ yBar: [Scalar],
    _ xDot: [Scalar], _ tableNumbers: [Int32], _ width: Int
  ) -> [Scalar] {
    var gradient = [Scalar](repeating: 0, count: parameters.count)
    for p in x.indices {
      let network = networks[Int(tableNumbers[p])], tape = JetTape<Scalar>(network)
      tape.prepare(points: 1, first: Double(x[p]), spacing: 1)
      network.jets(parameters, on: tape)
      for m in 0..<width {
        let bar = yBar[p * width + m]
        tape.outputAdjoint[m] = bar
        tape.outputAdjoint[width + m] = bar * xDot[p]
        tape.outputAdjoint[2 * width + m] = 0
      }
      network.addJetGradient(parameters, on: tape, points: 1, to: &gradient, replacing: false)
    }
    return gradient
  }
}
