/// An embedding net with one input number, tabulated: quintic Hermite polynomials between the nodes
/// of a regular grid.
///
/// The interpolant is linear in the node values, so a gradient flows back exactly: neighbors add
/// their adjoints to node values, and the net's own backward pass runs once per node instead of
/// once per neighbor.  The nodes stand at `lower + k spacing` for all frames; larger inputs add
/// nodes, which change no bit of the others' results.
/// Source: docs/MATH.md, "Embedding table".
public final class EmbeddingTable<Scalar: NetworkScalar>: @unchecked Sendable {
  /// The coarsest and the finest spacing that are tried.
  static var coarsest: Double { 1.0 / 16 }
  static var finest: Double { 1.0 / 1024 }
  /// The largest number of nodes in a table.
  static var mostNodes: Int { 1 << 15 }

  let network: DenseNetwork
  private let tape: JetTape<Scalar>
  /// Values, `spacing ×` slopes and `spacing² ×` curvatures, `[nodes][3][stride]`.
  private let nodes = Buffer<Scalar>()
  private(set) var lower = 0.0
  /// Distance between nodes.
  public private(set) var spacing = 0.0
  /// Number of nodes.
  public private(set) var count = 0
  /// The count of numbers in a row of outputs, padded with zeros to whole vectors.
  public let stride: Int

  /// Makes a table for `network`; it must be built before use.
  public init(_ network: DenseNetwork) {
    self.network = network
    tape = JetTape(network)
    stride = paddedWidth(network.outputs, of: Scalar.self)
  }

  /// The allowed error relative to the largest output, far below the rounding errors of this format
  /// in training.
  public static var tolerance: Double { Scalar.precision == .float64 ? 1e-12 : 1e-7 }

  /// Builds the table for inputs in `range` and up to `largest`; false if no spacing reaches the
  /// tolerance.
  ///
  /// The spacing is the coarsest power of two whose error in `range` is small enough; it does not
  /// depend on `largest`.  The error is measured by comparing each second node with the interpolant
  /// of its neighbors alone, which has twice the spacing and so 64 times the error.
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
        return true
      }
      spacing /= 2
    }
    return false
  }

  /// The first node.
  var nodeBase: UnsafePointer<Scalar> { UnsafePointer(nodes.base) }

  /// The number of nodes to which inputs up to `s` may add adjoints, with one more because of
  /// rounding.
  public func nodesUsed(upTo s: Double) -> Int { min(nodeCount(to: s) + 1, count) }

  /// The count of numbers in a buffer for the adjoints of `points` nodes.
  public func adjointCount(_ points: Int) -> Int { points * 3 * stride }

  /// Adds to the parameters' gradient, or replaces it by, the gradient of a scalar whose
  /// derivatives with respect to the nodes are `bar`, `[points][3][stride]`; the derivatives for
  /// the nodes beyond `points` are zero.
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

  /// The number of nodes that inputs up to `upper` need.
  private func nodeCount(to upper: Double) -> Int { max(Int((upper - lower) / spacing) + 2, 3) }

  /// The largest error of the interpolant where each second node is left out, relative to the
  /// largest value.
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

  /// Copies the jets in the order in which neighbors read them, in units of the spacing.
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

  /// Calls `body` for each row of the first `points` nodes, with the power of the spacing in the
  /// row's unit.
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
