/// An embedding net with one input number, gated or not, tabulated: quintic Hermite polynomials
/// between nodes.
///
/// The interpolant is linear in the node values, so a gradient flows back exactly: neighbors add
/// their adjoints to node values, and the net's own backward pass runs once per node instead of
/// once per neighbor.  The nodes stand on a regular grid, or on one grid in each cell of the inputs
/// where the net is steep in few places.  They are the same for all frames; larger inputs add
/// nodes, which change no bit of the others' results.
/// Source: docs/MATH.md, "Embedding table".
public final class EmbeddingTable<Scalar: NetworkScalar>: @unchecked Sendable {
  /// The coarsest spacing that is tried, and the finest of one grid.
  static var coarsest: Double { 1.0 / 16 }
  static var finest: Double { 1.0 / 1024 }
  /// The largest number of nodes of one grid, and of all cells.
  static var mostNodesOfGrid: Int { 1 << 12 }
  static var mostNodes: Int { 1 << 15 }

  /// The net, and its jets; nil for a table that is given.
  private let source: (network: DenseNetwork, tape: JetTape<Scalar>)?
  private let gated: GatedJets<Scalar>?
  /// Values, `spacing ×` slopes and `spacing² ×` curvatures, `[nodes][3][stride]`.
  private let nodes = Buffer<Scalar>()
  private(set) var lower = 0.0
  /// The parts of the table, each with a spacing of its own, and their number.
  let cells = Buffer<TableCell>()
  private(set) var cellCount = 0
  /// Number of nodes.
  public private(set) var count = 0
  /// How many points the net was computed at to build the table.
  var pointsTried = 0
  /// The width of its output, and the count of numbers in a row of outputs, padded with zeros to
  /// whole vectors.
  public let width: Int, stride: Int

  /// Makes a table for `network`, or for what `gate` makes of it; it must be built before use.
  public init(_ network: DenseNetwork, gate: EmbeddingGate? = nil) {
    source = (network, JetTape(network))
    gated = gate.map { GatedJets($0) }
    width = network.outputs
    stride = paddedWidth(width, of: Scalar.self)
  }

  /// Makes an empty table of outputs `width` wide, whose nodes are given.
  init(width: Int) {
    (source, gated) = (nil, nil)
    self.width = width
    stride = paddedWidth(width, of: Scalar.self)
  }

  /// Whether it is given, and not built for a net.
  public var isGiven: Bool { source == nil }

  /// The net that it is built for.
  var network: DenseNetwork { madeOf.network }
  private var tape: JetTape<Scalar> { madeOf.tape }

  private var madeOf: (network: DenseNetwork, tape: JetTape<Scalar>) {
    guard let source else { preconditionFailure("a table that is given has no net") }
    return source
  }

  /// The allowed error relative to the largest output, far below the rounding errors of this format
  /// in training.
  public static var tolerance: Double { Scalar.precision == .float64 ? 1e-12 : 1e-7 }

  /// The error that is allowed before a table is given up: it changes energies by less than 1e-9
  /// eV/atom, forces by less than 1e-8 eV/Å, and gradients by less than 1e-10 of their length.
  static var lastTolerance: Double { Scalar.precision == .float64 ? 1e-11 : 1e-6 }

  /// What to say of a net for which no table can be built.
  public static var steepness: String {
    "a net is so steep that a table of \(mostNodes) nodes differs by more than \(lastTolerance) of "
      + "its largest output, in \(Scalar.precision.rawValue)"
  }

  /// Builds the table for inputs in `range` and up to `largest`; false if no nodes reach the
  /// tolerance, or if there would be too many.
  ///
  /// The nodes in `range` do not depend on `largest`.  One grid is tried first, whose spacing is
  /// the coarsest power of two with a small enough error in `range`; where it would need many
  /// nodes, the net is steep in few places, and each cell gets a grid of its own.
  public func build(
    _ parameters: UnsafePointer<Scalar>, range: ClosedRange<Double>, largest: Double
  ) -> Bool {
    lower = range.lowerBound
    pointsTried = 0
    let end = range.upperBound, upper = max(end, largest)
    // The switch of a gate takes many nodes near the cutoff, but few elsewhere.
    if gated == nil, let isBuilt = buildOneGrid(parameters, upTo: end, and: upper) {
      return isBuilt
    }
    guard let cells = gridsOfCells(parameters, upTo: end, and: upper) else { return false }
    take(cells)
    return true
  }

  /// Builds one grid whose error is small enough up to `end`; nil if that takes too many nodes,
  /// false if so many more are needed up to `upper`.
  private func buildOneGrid(
    _ parameters: UnsafePointer<Scalar>, upTo end: Double, and upper: Double
  ) -> Bool? {
    func points(to upper: Double, _ spacing: Double) -> Int {
      max(Int((upper - lower) / spacing) + 2, 3)
    }
    var spacing = Self.coarsest
    while spacing >= Self.finest, (end - lower) / spacing < Double(Self.mostNodesOfGrid) {
      guard (upper - lower) / spacing < Double(Self.mostNodes - 4) else { return false }
      let count = points(to: upper, spacing)
      let cell = TableCell(
        lower: lower, inverseSpacing: 1 / spacing, first: 0, intervals: count - 1)
      compute(parameters, at: [cell])
      let (error, scale) = error(of: 0..<points(to: end, spacing), spacing: spacing)
      if error == 0 || Double(error / scale) / 64 <= Self.tolerance {
        take([cell])
        return true
      }
      spacing /= 2
    }
    return nil
  }

  /// Computes the jets at the nodes of `cells`.
  func compute(_ parameters: UnsafePointer<Scalar>, at cells: [TableCell]) {
    let points = cells.last?.end ?? 0
    tape.reserve(points)
    gated?.reserve(points)
    for cell in cells {
      let own = cell.first..<cell.end, spacing = 1 / cell.inverseSpacing
      if let gated {
        gated.set(own, first: cell.lower, spacing: spacing, on: tape)
      } else {
        tape.set(own, first: cell.lower, spacing: spacing)
      }
    }
    network.jets(parameters, on: tape)
    gated?.forward(parameters, tape)
    pointsTried += points
  }

  /// The jets at these nodes, `[nodes][3][outputs]`.
  private var jets: UnsafeMutablePointer<Scalar> { gated?.output ?? tape.output }

  /// Takes these cells and their nodes.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func take(_ found: [TableCell], nodes given: [Double]) {
    cells.reserve(found.count)
    for (k, cell) in found.enumerated() { cells.base[k] = cell }
    (cellCount, count) = (found.count, given.count / (3 * stride))
    lower = found[0].lower
    nodes.reserve(given.count)
    for (k, number) in given.enumerated() { nodes.base[k] = Scalar(number) }
  }

  /// Takes these cells, at whose nodes the jets are known.
  private func take(_ found: [TableCell]) {
    cells.reserve(found.count)
    for (k, cell) in found.enumerated() { cells.base[k] = cell }
    (cellCount, count) = (found.count, found[found.count - 1].end)
    arrangeNodes()
  }

  /// The first node.
  var nodeBase: UnsafePointer<Scalar> { UnsafePointer(nodes.base) }

  /// The number of nodes to which inputs up to `s` may add adjoints, with one more because of
  /// rounding in one grid, and all of the last cell in several.
  public func nodesUsed(upTo s: Double) -> Int {
    let cell = cells.base[nodes(adjoints: 0).cell(of: s)]
    if cellCount > 1 { return cell.end }
    return min(max(Int((s - lower) * cell.inverseSpacing) + 2, 3) + 1, count)
  }

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
    gated?.backward(parameters, tape, points: points, to: gradient, replacing: replacing)
    network.addJetGradient(
      parameters, on: tape, points: points, to: gradient, replacing: replacing)
  }

  /// The largest error of the interpolant at the nodes computed where each second one is left
  /// out, which has twice their `spacing` and so 64 times the error; and the largest value.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func error(of points: Range<Int>, spacing: Double) -> (error: Scalar, scale: Scalar) {
    let width = network.outputs, f = jets
    let h = Scalar(spacing)
    var worst: Scalar = 0, scale: Scalar = 0
    for k in Swift.stride(from: points.lowerBound + 1, to: points.upperBound - 1, by: 2) {
      for m in 0..<width {
        let a = 3 * (k - 1) * width + m, b = 3 * (k + 1) * width + m, here = f[3 * k * width + m]
        let value = (f[a] + f[b]) / 2
        let slope = (f[a + width] - f[b + width]) * (5 * h / 16)
        let curvature = (f[a + 2 * width] + f[b + 2 * width]) * (h * h / 16)
        worst = max(worst, abs(value + slope + curvature - here))
        scale = max(scale, abs(here))
      }
    }
    return (worst, scale)
  }

  /// Copies the jets in the order in which neighbors read them, in units of the spacing.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  private func arrangeNodes() {
    let width = network.outputs
    nodes.reserve(count * 3 * stride)
    forEachRow(of: count) { row, factor in
      let from = jets + row * width, to = nodes.base + row * stride
      for m in 0..<width { to[m] = factor * from[m] }
      for m in width..<stride { to[m] = 0 }
    }
  }

  /// Calls `body` for each row of the first `points` nodes, with the power of the spacing in the
  /// row's unit.
  @inline(__always)
  private func forEachRow(of points: Int, _ body: (_ row: Int, _ factor: Scalar) -> Void) {
    for cell in UnsafeBufferPointer(start: cells.base, count: cellCount) {
      let h = Scalar(1 / cell.inverseSpacing)
      for k in cell.first..<max(cell.first, min(cell.end, points)) {
        body(3 * k, 1)
        body(3 * k + 1, h)
        body(3 * k + 2, h * h)
      }
    }
  }
}

/// `width` rounded up to whole vectors.
public func paddedWidth<Scalar: NetworkScalar>(_ width: Int, of type: Scalar.Type) -> Int {
  let lanes = Scalar.WideVector.scalarCount
  return (width + lanes - 1) / lanes * lanes
}
