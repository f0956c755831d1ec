/// An embedding net of one number, tabulated: quintic Hermite polynomials between nodes on a
/// regular grid.
///
/// The interpolant is linear in the node values, so that a gradient flows back exactly: neighbors
/// add their adjoints to node values, and the net's own way back runs once per node instead of once
/// per neighbor.  The nodes stand at `lower + k spacing` whatever the frames are; larger inputs
/// only add nodes, which changes no bit of what the others give.  Source: docs/MATH.md, "Embedding
/// table".
public final class EmbeddingTable<Scalar: NetworkScalar>: @unchecked Sendable {
  /// The coarsest and the finest spacing tried.
  static var coarsest: Double { 1.0 / 16 }
  static var finest: Double { 1.0 / 1024 }
  /// Most nodes a table may have.
  static var mostNodes: Int { 1 << 15 }

  let network: DenseNetwork
  private let tape: JetTape<Scalar>
  /// Values, `spacing ×` slopes and `spacing² ×` curvatures, `[nodes][3][stride]`.
  private let nodes = Buffer<Scalar>()
  private(set) var lower = 0.0, inverseSpacing: Scalar = 0
  /// Distance between nodes.
  public private(set) var spacing = 0.0
  /// Number of nodes.
  public private(set) var count = 0
  /// Numbers in a row of outputs, zeros added up to whole vectors.
  public let stride: Int

  /// A table for `network`, to be built.
  public init(_ network: DenseNetwork) {
    self.network = network
    tape = JetTape(network)
    stride = paddedWidth(network.outputs, of: Scalar.self)
  }

  /// The error allowed, relative to the largest output: far below what the format itself rounds off
  /// in training.
  public static var tolerance: Double { Scalar.precision == .float64 ? 1e-12 : 1e-7 }

  /// Builds the table for inputs in `range` and up to `largest`; false if no spacing reaches the
  /// tolerance.
  ///
  /// The spacing is the coarsest power of two whose error in `range`, whatever `largest` is, is
  /// small enough.  The error is measured: each second node compared with what its neighbors alone
  /// would give, at twice the spacing, where it is 64 times as large.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func build(
    _ parameters: UnsafePointer<Scalar>, range: ClosedRange<Double>, largest: Double
  ) -> Bool {
    lower = range.lowerBound
    spacing = Self.coarsest
    let upper = max(range.upperBound, largest)
    while spacing >= Self.finest, (upper - lower) / spacing < Double(Self.mostNodes - 4) {
      count = nodeCount(to: upper)
      tape.prepare(points: count, first: lower, spacing: spacing)
      network.jets(parameters, on: tape)
      if error(nodes: nodeCount(to: range.upperBound)) / 64 <= Self.tolerance {
        arrangeNodes()
        inverseSpacing = Scalar(1 / spacing)
        return true
      }
      spacing /= 2
    }
    return false
  }

  /// The first node.
  var nodeBase: UnsafePointer<Scalar> { UnsafePointer(nodes.base) }

  /// Nodes that inputs up to `s` may add adjoints to, with one more for what rounding does.
  public func nodesUsed(upTo s: Double) -> Int { min(nodeCount(to: s) + 1, count) }

  /// Numbers in a buffer of the adjoints of so many nodes.
  public func adjointCount(_ points: Int) -> Int { points * 3 * stride }

  /// Adds to the parameters' gradient, or replaces by it what is there, that of a scalar whose
  /// derivatives with respect to the nodes are `bar`, `[points][3][stride]`; those of the nodes
  /// beyond `points` are zero.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func addGradient(
    _ parameters: UnsafePointer<Scalar>, _ bar: UnsafePointer<Scalar>, points: Int,
    to gradient: UnsafeMutablePointer<Scalar>, replacing: Bool
  ) {
    let width = network.outputs
    forEachRow(of: points) { row, factor in
      let from = bar + row * stride, to = tape.outputAdjoint + row * width
      for m in 0..<width { to[m] = factor * from[m] }
    }
    network.addJetGradient(
      parameters, on: tape, points: points, to: gradient, replacing: replacing)
  }

  /// Nodes that inputs up to `upper` need.
  private func nodeCount(to upper: Double) -> Int { max(Int((upper - lower) / spacing) + 2, 3) }

  /// The largest error at each second node when it is left out, relative to the largest value.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  private func error(nodes: Int) -> Double {
    let width = network.outputs, f = tape.output
    let h = Scalar(spacing)
    var worst: Scalar = 0, scale: Scalar = 0
    for k in Swift.stride(from: 1, to: nodes - 1, by: 2) {
      for m in 0..<width {
        let a = 3 * (k - 1) * width + m, b = 3 * (k + 1) * width + m, here = f[3 * k * width + m]
        let value = (f[a] + f[b]) / 2
        let slope = (f[a + width] - f[b + width]) * (5 * h / 16)
        let curvature = (f[a + 2 * width] + f[b + 2 * width]) * (h * h / 16)
        worst = max(worst, abs(value + slope + curvature - here))
        scale = max(scale, abs(here))
      }
    }
    return worst == 0 ? 0 : Double(worst / scale)
  }

  /// Moves the jets to the order in which neighbors read them, in units of the spacing.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  private func arrangeNodes() {
    let width = network.outputs
    nodes.reserve(count * 3 * stride)
    forEachRow(of: count) { row, factor in
      let from = tape.output + row * width, to = nodes.base + row * stride
      for m in 0..<width { to[m] = factor * from[m] }
      for m in width..<stride { to[m] = 0 }
    }
  }

  /// Calls `body` for each row of the first `points` nodes, with the power of the spacing that it
  /// is in units of.
  @inline(__always)
  private func forEachRow(of points: Int, _ body: (_ row: Int, _ factor: Scalar) -> Void) {
    let h = Scalar(spacing)
    for k in 0..<points {
      body(3 * k, 1)
      body(3 * k + 1, h)
      body(3 * k + 2, h * h)
    }
  }
}

/// `width` rounded up to whole vectors.
public func paddedWidth<Scalar: NetworkScalar>(_ width: Int, of type: Scalar.Type) -> Int {
  let lanes = Scalar.WideVector.scalarCount
  return (width + lanes - 1) / lanes * lanes
}
