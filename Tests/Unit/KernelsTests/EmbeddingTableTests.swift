import Kernels
import Random
import Testing

/// A table's widths (one block, a rest behind blocks, a rest alone), neighbors and empty slots.
struct TableCase: Sendable, CustomTestStringConvertible {
  let hidden: [Int], neighbors: Int, empty: Int
  /// Whether weights are large and deviations small, so that the net is steep near the cutoff and
  /// flat elsewhere.
  var isSteep = false
  var testDescription: String {
    "\(hidden), \(neighbors) and \(empty)" + (isSteep ? ", steep" : "")
  }

  static let steep = [(46, 18), (9, 0), (60, 400)].map {
    TableCase(hidden: [25, 50, 100], neighbors: $0.0, empty: $0.1, isSteep: true)
  }

  static let all: [TableCase] = [
    ([3, 6, 12], 1, 0), ([5, 10, 20], 7, 3), ([5, 10, 20], 8, 1), ([25, 50, 100], 9, 0),
    ([25, 50, 100], 46, 18), ([8, 16], 33, 2), ([32], 16, 5), ([20, 40, 64], 5, 400),
  ].map { TableCase(hidden: $0.0, neighbors: $0.1, empty: $0.2) }
}

/// The passes through a table against the same passes through the net itself, neighbor by neighbor.
@Suite struct EmbeddingTableTests {
  /// What the passes of a center give.
  struct Results<Scalar: NetworkScalar> {
    var t: [Scalar], dBar: [SIMD3<Double>], tDot: [Scalar], gradient: [Scalar]
  }

  /// A net, its parameters, a pair of types, neighbors and directions for one case.
  struct Setting<Scalar: NetworkScalar> {
    let network: DenseNetwork, parameters: [Scalar], width: Int, slots: Int
    let d: [SIMD3<Double>], dDot: [SIMD3<Double>]
    let tBar: [Scalar], tBarDot: [Scalar]
    let mean: SIMD4<Double>, deviation: SIMD4<Double>
    let inner = 0.5, outer = 6.0, protection = 0.01

    init(_ c: TableCase) {
      var layout = ParameterLayout()
      network = DenseNetwork(
        inputs: 1, hidden: c.hidden, output: nil, activation: .tanh, resnetTimestep: true,
        precision: Scalar.precision, in: &layout)
      let size = layout.float64Count + layout.float32Count, width = network.outputs
      self.width = width
      slots = c.neighbors + c.empty
      var random = CounterRandom(seed: 21, purpose: "embedding table")
      func normal() -> Double { random.normal() }
      func vector() -> SIMD3<Double> { SIMD3(normal(), normal(), normal()) }
      parameters = (0..<size).map { _ in
        let one = normal()
        return Scalar(c.isSteep ? min(max(1.3 * one, -2.6), 2.6) : 0.4 * one)
      }
      mean = c.isSteep ? SIMD4(0.006, 0, 0, 0) : SIMD4(0.09, 0, 0, 0)
      deviation = c.isSteep ? SIMD4(0.03, 0.02, 0.02, 0.02) : SIMD4(0.11, 0.08, 0.08, 0.08)
      d = (0..<c.neighbors).map { k in
        let v = vector(), length = 0.8 + 5.1 * Double(k) / Double(c.neighbors)
        return v * (length / (v * v).sum().squareRoot())
      }
      dDot = d.map { _ in vector() }
      tBar = (0..<4 * width).map { _ in Scalar(normal()) }
      tBarDot = (0..<4 * width).map { _ in Scalar(normal()) }
    }

    var types: TypePair<Scalar> {
      TypePair(
        inner: inner, outer: outer, protection: protection, mean: mean, deviation: deviation,
        slotCount: slots)
    }
  }

  /// All passes through the table.
  func tabulated<Scalar: NetworkScalar>(_ s: Setting<Scalar>, empty: Int) -> Results<Scalar>? {
    let table = EmbeddingTable<Scalar>(s.network), pairs = TablePairs<Scalar>()
    let types = s.types, largest = types.input(at: 0.8)
    guard table.build(s.parameters, range: types.emptyInput...largest, largest: largest) else {
      return nil
    }
    func padded(_ t: [Scalar]) -> [Scalar] {
      (0..<4).flatMap { c in
        t[c * s.width..<(c + 1) * s.width] + Array(repeating: 0, count: table.stride - s.width)
      }
    }
    func unpadded(_ t: [Scalar]) -> [Scalar] {
      (0..<4).flatMap { t[$0 * table.stride..<$0 * table.stride + s.width] }
    }
    let zeros = [Scalar](repeating: 0, count: 4 * table.stride), n = s.d.count
    var t = zeros, tDot = zeros, dBar = s.d
    let (tBar, tBarDot) = (padded(s.tBar), padded(s.tBarDot))
    table.forward(types, s.d, count: n, empty: empty, pairs, to: &t)
    table.backward(types, s.d, count: n, pairs, tBar, into: &dBar)
    table.tangent(types, s.d, along: s.dDot, count: n, pairs, to: &tDot)
    let points = table.nodesUsed(upTo: largest)
    var adjoints = [Scalar](repeating: 0, count: table.adjointCount(points))
    table.backwardTangent(
      types, s.d, along: s.dDot, count: n, empty: empty, pairs, tBar, tBarDot, to: &adjoints)
    var gradient = s.parameters
    table.addGradient(s.parameters, adjoints, points: points, to: &gradient, replacing: true)
    return Results(t: unpadded(t), dBar: dBar, tDot: unpadded(tDot), gradient: gradient)
  }

  /// The same by the net itself, in float64: the definition, neighbor by neighbor.
  func plain<Scalar: NetworkScalar>(_ s: Setting<Scalar>, empty: Int) -> Results<Double> {
    var layout = ParameterLayout()
    let network = DenseNetwork(
      inputs: 1, hidden: s.network.layers.map(\.outputs), output: nil, activation: .tanh,
      resnetTimestep: true, precision: .float64, in: &layout)
    let p = s.parameters.map { Double($0) }, w = s.width, unit = 1 / Double(s.slots)
    let tBar = s.tBar.map { Double($0) }, tBarDot = s.tBarDot.map { Double($0) }
    var t = [Double](repeating: 0, count: 4 * w), tDot = t
    var gradient = [Double](repeating: 0, count: p.count)
    func addNeighbor(_ row: SIMD4<Double>, _ rowDot: SIMD4<Double>, weight: Double) -> SIMD4<Double>
    {
      let tape = NetworkTape<Double>(network)
      tape.prepare(rows: 1)
      tape.input[0] = row.x
      network.forward(p, on: tape, rows: 0..<1, forTraining: true)
      for m in 0..<w {
        tape.outputAdjoint[m] = (0..<4).reduce(0) { $0 + weight * row[$1] * tBar[$1 * w + m] }
      }
      network.backward(p, on: tape, rows: 0..<1)
      tape.inputTangent[0] = rowDot.x
      network.tangent(p, on: tape, rows: 0..<1, forTraining: true)
      let (g, gDot) = (tape.output, tape.outputTangent)
      for m in 0..<w {
        tape.outputAdjointTangent[m] = (0..<4).reduce(0) {
          $0 + weight * (row[$1] * tBarDot[$1 * w + m] + rowDot[$1] * tBar[$1 * w + m])
        }
        for c in 0..<4 {
          t[c * w + m] += weight * row[c] * g[m]
          tDot[c * w + m] += weight * (rowDot[c] * g[m] + row[c] * gDot[m])
        }
      }
      network.backwardTangent(p, on: tape, rows: 0..<1)
      gradient.withUnsafeMutableBufferPointer {
        guard let base = $0.baseAddress else { return }
        network.addGradient(on: tape, to: base)
      }
      var rowBar = SIMD4<Double>.zero
      for c in 0..<4 {
        for m in 0..<w { rowBar[c] += weight * tBar[c * w + m] * g[m] }
      }
      rowBar.x += tape.inputAdjoint[0]
      return rowBar
    }
    let dBar = zip(s.d, s.dDot).map { d, dDot in
      let e = EnvironmentRow(d, inner: s.inner, outer: s.outer, protection: s.protection)
      let rowBar = addNeighbor(
        (e.row - s.mean) / s.deviation, e.tangent(dDot) / s.deviation, weight: unit)
      return e.backward(rowBar / s.deviation)
    }
    if empty > 0 {
      _ = addNeighbor(-s.mean / s.deviation, .zero, weight: unit * Double(empty))
    }
    return Results(t: t, dBar: dBar, tDot: tDot, gradient: gradient)
  }

  /// Compares values within `values`, and what slopes go into within `slopes`: those are
  /// differences of nodes 1/16 to 1/1024 apart, and lose as many digits.
  func check<Scalar: NetworkScalar>(
    _ c: TableCase, _ type: Scalar.Type, values: Double, slopes: Double
  ) throws {
    let s = Setting<Scalar>(c)
    let fast = try #require(tabulated(s, empty: c.empty)), slow = plain(s, empty: c.empty)
    func compare(_ a: [Scalar], _ b: [Double], _ bound: Double, _ name: Comment) {
      let scale = b.map(abs).max() ?? 0
      #expect(a.count == b.count && scale > 0, name)
      let worst = zip(a, b).map { abs(Double($0) - $1) }.max() ?? .infinity
      #expect(worst <= bound * scale, name)
    }
    compare(fast.t, slow.t, values, "T")
    compare(fast.tDot, slow.tDot, slopes, "TDot")
    compare(fast.gradient, slow.gradient, slopes, "gradient")
    let scale = slow.dBar.map { ($0 * $0).sum().squareRoot() }.max() ?? 0
    for (a, b) in zip(fast.dBar, slow.dBar) {
      #expect((((a - b) * (a - b)).sum()).squareRoot() <= slopes * scale, "dBar")
    }
  }

  @Test(arguments: TableCase.all)
  func `the four passes through a float64 table are those of the net`(c: TableCase) throws {
    try check(c, Double.self, values: 1e-11, slopes: 1e-10)
  }

  @Test(arguments: TableCase.all)
  func `the four passes through a float32 table are those of the net`(c: TableCase) throws {
    try check(c, Float.self, values: 1e-6, slopes: 2e-4)
  }

  @Test(arguments: TableCase.steep)
  func `steep nets keep their tables, with nodes where they are needed`(c: TableCase) throws {
    try check(c, Double.self, values: 1e-10, slopes: 1e-9)
    let s = Setting<Double>(c), types = s.types, largest = types.input(at: 0.6)
    let table = EmbeddingTable<Double>(s.network)
    #expect(table.build(s.parameters, range: types.emptyInput...largest, largest: largest))
    let spread = table.nodesUsed(upTo: largest) - table.nodesUsed(upTo: largest / 2)
    #expect(largest > 50 && table.count < 8000 && spread < table.count / 4, "\(table.count)")
  }

  @Test(arguments: [TableCase.all[4], TableCase.steep[0]])
  func `larger inputs add nodes and change no bit of what there was`(c: TableCase) {
    let s = Setting<Double>(c), types = s.types
    let range = types.emptyInput...types.input(at: 0.8)
    let values = [range.upperBound, types.input(at: 0.3), types.input(at: 0.1)].map { largest in
      let table = EmbeddingTable<Double>(s.network)
      #expect(table.build(s.parameters, range: range, largest: largest))
      var t = [Double](repeating: 0, count: 4 * table.stride)
      table.forward(types, s.d, count: s.d.count, empty: 2, TablePairs(), to: &t)
      return t
    }
    #expect(values[0] == values[1] && values[1] == values[2])
  }
}
