/// The activations of a network on Taylor jets of one input number: value, slope and curvature of
/// every output at many points.
///
/// It serves the nodes of an embedding table.  The three parts of a jet are adjacent rows,
/// `[points][3][width]`, so that one product serves all three, and the first points can be used
/// without the others.
/// Source: docs/MATH.md, "Embedding table".
public final class JetTape<Scalar: NetworkScalar>: @unchecked Sendable {
  /// The number of points that fit.
  public private(set) var points = 0
  let stages: [Buffer<Scalar>]
  let layers: [JetLayerTape<Scalar>]
  private let widths: [Int]

  /// Makes a tape for `network`, whose input is one number.
  public init(_ network: DenseNetwork) {
    precondition(network.precision == Scalar.precision && network.inputs == 1)
    widths = [1] + network.layers.map(\.outputs)
    stages = widths.map { _ in Buffer() }
    layers = network.layers.map { _ in JetLayerTape() }
  }

  /// Makes room for `points` points and sets the input to the jet of `x` itself at `first`,
  /// `first + spacing`, ...
  public func prepare(points: Int, first: Double, spacing: Double) {
    reserve(points)
    set(0..<points, first: first, spacing: spacing)
  }

  /// Makes room for `points` points.
  func reserve(_ points: Int) {
    self.points = points
    for (stage, width) in zip(stages, widths) { stage.reserve(3 * points * width) }
    for (layer, width) in zip(layers, widths.dropFirst()) { layer.reserve(points * width) }
  }

  /// Sets the inputs of `points` to the jets of `x` itself at `first`, `first + spacing`, ...
  func set(_ points: Range<Int>, first: Double, spacing: Double) {
    for k in points {
      setInput(k, Scalar(first + Double(k - points.lowerBound) * spacing), 1, 0)
    }
  }

  /// Sets the input of point `k` to a value with its first two derivatives.
  @inline(__always)
  func setInput(_ k: Int, _ value: Scalar, _ slope: Scalar, _ curvature: Scalar) {
    let x = stages[0].base + 3 * k
    (x[0], x[1], x[2]) = (value, slope, curvature)
  }

  /// The jets of the outputs, `[points][3][outputs]`; `jets` writes them.
  public var output: UnsafeMutablePointer<Scalar> { stages[stages.count - 1].base }
  /// The adjoints of these jets; write them before `addJetGradient`.
  public var outputAdjoint: UnsafeMutablePointer<Scalar> { layers[layers.count - 1].yBar.base }
}

/// The numbers that one layer keeps for its backward pass, where `z = x W + b`.
final class JetLayerTape<Scalar: NetworkScalar> {
  /// The jets of `z - b`, `[points][3][outputs]`.
  let z = Buffer<Scalar>()
  /// `f`, `f'`, `f''`, `f'''` at `z`, `[points][outputs]`.
  let f0 = Buffer<Scalar>(), f1 = Buffer<Scalar>(), f2 = Buffer<Scalar>(), f3 = Buffer<Scalar>()
  /// The adjoints of the jets of the outputs and of `z`, `[points][3][outputs]`.
  let yBar = Buffer<Scalar>(), zBar = Buffer<Scalar>()

  func reserve(_ count: Int) {
    for buffer in [f0, f1, f2, f3] { buffer.reserve(count) }
    for buffer in [z, yBar, zBar] { buffer.reserve(3 * count) }
  }
}

extension DenseNetwork {
  /// Computes the jets of all outputs.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func jets<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, on tape: JetTape<Scalar>
  ) {
    for (l, layer) in layers.enumerated() {
      layer.jets(
        parameters, tape.stages[l].base, tape.layers[l], into: tape.stages[l + 1].base,
        points: tape.points)
    }
  }

  /// Adds to the parameters' gradient, or replaces it by, the gradient of a scalar whose
  /// derivatives with respect to the output jets of the first `points` points are given.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func addJetGradient<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, on tape: JetTape<Scalar>, points: Int,
    to gradient: UnsafeMutablePointer<Scalar>, replacing: Bool
  ) {
    for (l, layer) in layers.enumerated().reversed() {
      layer.addJetGradient(
        parameters, tape.stages[l].base, tape.layers[l],
        xBar: l == 0 ? nil : tape.layers[l - 1].yBar.base, points: points, to: gradient,
        replacing: replacing)
    }
  }
}

extension DenseLayer {
  /// `y = c f(z) + shortcut`, `y' = c f' z' + ...`, `y'' = c (f' z'' + f'' z'²) + ...`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func jets<Scalar: NetworkScalar>(
    _ p: UnsafePointer<Scalar>, _ x: UnsafePointer<Scalar>, _ tape: JetLayerTape<Scalar>,
    into y: UnsafeMutablePointer<Scalar>, points n: Int
  ) {
    let z = tape.z.base, f0 = tape.f0.base, w = outputs
    multiply(
      rows: 3 * n, columns: w, inner: inputs, MatrixOperand(x, row: inputs),
      MatrixOperand(p + weights.lowerBound, row: w), into: z, row: w)
    for k in 0..<n { addBias(p, to: z + 3 * k * w, into: f0 + k * w) }
    activation.evaluate(
      f0, slope: tape.f1.base, curvature: tape.f2.base, third: tape.f3.base, count: n * w)
    for k in 0..<n {
      let f0 = f0 + k * w, f1 = tape.f1.base + k * w, f2 = tape.f2.base + k * w
      let z1 = z + (3 * k + 1) * w, z2 = z1 + w
      let y0 = y + 3 * k * w, y1 = y0 + w, y2 = y1 + w
      for o in 0..<w {
        y0[o] = f0[o]
        y1[o] = f1[o] * z1[o]
        y2[o] = f1[o] * z2[o] + f2[o] * z1[o] * z1[o]
      }
    }
    scale(y, by: p, into: y, rows: 3 * n)
    addShortcut(of: x, to: y, rows: 3 * n)
  }

  /// `to = z + b` for one row.
  @inline(__always)
  private func addBias<Scalar: NetworkScalar>(
    _ p: UnsafePointer<Scalar>, to z: UnsafePointer<Scalar>, into to: UnsafeMutablePointer<Scalar>
  ) {
    guard let biases else { return to.update(from: z, count: outputs) }
    let b = p + biases.lowerBound
    for o in 0..<outputs { to[o] = z[o] + b[o] }
  }

  /// The transpose of `jets`: with `g = c ⊙ yBar`,
  /// `zBar = f' g + f'' z' g' + (f'' z'' + f''' z'²) g''`, `z'Bar = f' g' + 2 f'' z' g''`,
  /// `z''Bar = f' g''`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func addJetGradient<Scalar: NetworkScalar>(
    _ p: UnsafePointer<Scalar>, _ x: UnsafePointer<Scalar>, _ tape: JetLayerTape<Scalar>,
    xBar: UnsafeMutablePointer<Scalar>?, points n: Int, to gradient: UnsafeMutablePointer<Scalar>,
    replacing: Bool
  ) {
    let w = outputs, yBar = tape.yBar.base, zBar = tape.zBar.base, z = tape.z.base
    if let timesteps {
      addSum(to: gradient + timesteps.lowerBound, replacing: replacing, rows: n) { k, sum in
        let f0 = tape.f0.base + k * w, f1 = tape.f1.base + k * w, f2 = tape.f2.base + k * w
        let z1 = z + (3 * k + 1) * w, z2 = z1 + w
        let g0 = yBar + 3 * k * w, g1 = g0 + w, g2 = g1 + w
        for o in 0..<w {
          sum[o] +=
            g0[o] * f0[o] + g1[o] * f1[o] * z1[o]
            + g2[o] * (f1[o] * z2[o] + f2[o] * z1[o] * z1[o])
        }
      }
    }
    scale(yBar, by: p, into: zBar, rows: 3 * n)
    for k in 0..<n {
      let f1 = tape.f1.base + k * w, f2 = tape.f2.base + k * w, f3 = tape.f3.base + k * w
      let z1 = z + (3 * k + 1) * w, z2 = z1 + w
      let a = zBar + 3 * k * w, b = a + w, c = b + w
      for o in 0..<w {
        let g0 = a[o], g1 = b[o], g2 = c[o]
        a[o] = f1[o] * g0 + f2[o] * z1[o] * g1 + (f2[o] * z2[o] + f3[o] * z1[o] * z1[o]) * g2
        b[o] = f1[o] * g1 + 2 * f2[o] * z1[o] * g2
        c[o] = f1[o] * g2
      }
    }
    multiply(
      rows: inputs, columns: w, inner: 3 * n, MatrixOperand(x, row: 1, column: inputs),
      MatrixOperand(zBar, row: w), into: gradient + weights.lowerBound, row: w,
      replacing ? .set : .add)
    if let biases {
      addSum(to: gradient + biases.lowerBound, replacing: replacing, rows: n) { k, sum in
        for o in 0..<w { sum[o] += zBar[3 * k * w + o] }
      }
    }
    if let xBar {
      pullBack(zBar, yBar, p, into: xBar, rows: 0..<3 * n)
    }
  }
}
