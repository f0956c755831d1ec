/// A network on Taylor jets of a scalar input: value, slope and curvature of every output at many points.
///
/// For the nodes of an embedding table.  A jet's three parts are three blocks of rows, `[3][rows][width]`, so that
/// one product serves them all.  Source: docs/MATH.md, "Embedding table".
public final class JetTape<Scalar: NetworkScalar>: @unchecked Sendable {
  /// Points there is room for.
  public private(set) var rows = 0
  let stages: [Buffer<Scalar>]
  let layers: [JetLayerTape<Scalar>]
  private let widths: [Int]

  /// A tape for `network`, whose input is one number.
  public init(_ network: DenseNetwork) {
    precondition(network.precision == Scalar.precision && network.inputs == 1)
    widths = [1] + network.layers.map(\.outputs)
    stages = widths.map { _ in Buffer() }
    layers = network.layers.map { _ in JetLayerTape() }
  }

  /// Makes room for `rows` points and sets the input to the jet of `x` itself at `first`, `first + spacing`, ...
  public func prepare(rows: Int, first: Double, spacing: Double) {
    self.rows = rows
    for (stage, width) in zip(stages, widths) { stage.reserve(3 * rows * width) }
    for (layer, width) in zip(layers, widths.dropFirst()) { layer.reserve(rows * width) }
    let x = stages[0].base
    for k in 0..<rows {
      x[k] = Scalar(first + Double(k) * spacing)
      x[rows + k] = 1
      x[2 * rows + k] = 0
    }
  }

  /// The jets of the outputs, `[3][rows][outputs]`: given by `jets`.
  public var output: UnsafeMutablePointer<Scalar> { stages[stages.count - 1].base }
  /// Their adjoints: to be written before `addJetGradient`.
  public var outputAdjoint: UnsafeMutablePointer<Scalar> { layers[layers.count - 1].yBar.base }
}

/// What one layer keeps for its way back; with `z = x W + b`, blocks of `[rows][outputs]`.
final class JetLayerTape<Scalar: NetworkScalar> {
  /// The jet of `z`, three blocks; the first is overwritten by `f(z)`.
  let z = Buffer<Scalar>()
  /// `f'`, `f''`, `f'''` at `z`.
  let f1 = Buffer<Scalar>(), f2 = Buffer<Scalar>(), f3 = Buffer<Scalar>()
  /// Adjoints of the outputs and of `z`, three blocks.
  let yBar = Buffer<Scalar>(), zBar = Buffer<Scalar>(), transposed = Buffer<Scalar>()

  func reserve(_ count: Int) {
    for buffer in [f1, f2, f3] { buffer.reserve(count) }
    for buffer in [z, yBar, zBar, transposed] { buffer.reserve(3 * count) }
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
        rows: tape.rows)
    }
  }

  /// Adds the parameters' gradient of any scalar with the given adjoints of the output jets.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func addJetGradient<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, on tape: JetTape<Scalar>,
    to gradient: UnsafeMutablePointer<Scalar>, replacing: Bool
  ) {
    for (l, layer) in layers.enumerated().reversed() {
      layer.addJetGradient(
        parameters, tape.stages[l].base, tape.layers[l],
        xBar: l == 0 ? nil : tape.layers[l - 1].yBar.base, rows: tape.rows, to: gradient,
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
    into y: UnsafeMutablePointer<Scalar>, rows n: Int
  ) {
    let z0 = tape.z.base, block = n * outputs
    let z1 = z0 + block, z2 = z1 + block
    multiply(
      rows: 3 * n, columns: outputs, inner: inputs, MatrixOperand(x, row: inputs),
      MatrixOperand(p + weights.lowerBound, row: outputs), into: z0, row: outputs)
    if let biases {
      let b = p + biases.lowerBound
      for row in 0..<n { for o in 0..<outputs { z0[row * outputs + o] += b[o] } }
    }
    let f1 = tape.f1.base, f2 = tape.f2.base
    activation.evaluate(z0, slope: f1, curvature: f2, third: tape.f3.base, count: block)
    for k in 0..<block {
      y[k] = z0[k]
      y[block + k] = f1[k] * z1[k]
      y[2 * block + k] = f1[k] * z2[k] + f2[k] * z1[k] * z1[k]
    }
    scale(y, by: p, into: y, rows: 3 * n)
    addShortcut(of: x, to: y, rows: 3 * n)
  }

  /// The transpose of `jets`: with `g = c ⊙ yBar`, `zBar = f' g + f'' z' g' + (f'' z'' + f''' z'²) g''`,
  /// `z'Bar = f' g' + 2 f'' z' g''`, `z''Bar = f' g''`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func addJetGradient<Scalar: NetworkScalar>(
    _ p: UnsafePointer<Scalar>, _ x: UnsafePointer<Scalar>, _ tape: JetLayerTape<Scalar>,
    xBar: UnsafeMutablePointer<Scalar>?, rows n: Int, to gradient: UnsafeMutablePointer<Scalar>,
    replacing: Bool
  ) {
    let block = n * outputs, yBar = tape.yBar.base, zBar = tape.zBar.base
    let f0 = tape.z.base, z1 = f0 + block, z2 = z1 + block
    let f1 = tape.f1.base, f2 = tape.f2.base, f3 = tape.f3.base
    if let timesteps {
      addSum(to: gradient + timesteps.lowerBound, replacing: replacing, rows: n) { row, sum in
        for o in 0..<outputs {
          let k = row * outputs + o
          sum[o] +=
            yBar[k] * f0[k] + yBar[block + k] * f1[k] * z1[k]
            + yBar[2 * block + k] * (f1[k] * z2[k] + f2[k] * z1[k] * z1[k])
        }
      }
    }
    scale(yBar, by: p, into: zBar, rows: 3 * n)
    for k in 0..<block {
      let g0 = zBar[k], g1 = zBar[block + k], g2 = zBar[2 * block + k]
      zBar[k] = f1[k] * g0 + f2[k] * z1[k] * g1 + (f2[k] * z2[k] + f3[k] * z1[k] * z1[k]) * g2
      zBar[block + k] = f1[k] * g1 + 2 * f2[k] * z1[k] * g2
      zBar[2 * block + k] = f1[k] * g2
    }
    multiply(
      rows: inputs, columns: outputs, inner: 3 * n, MatrixOperand(x, row: 1, column: inputs),
      MatrixOperand(zBar, row: outputs), into: gradient + weights.lowerBound, row: outputs,
      replacing ? .replace : .add)
    if let biases {
      addSum(to: gradient + biases.lowerBound, replacing: replacing, rows: n) { row, sum in
        for o in 0..<outputs { sum[o] += zBar[row * outputs + o] }
      }
    }
    if let xBar {
      pullBack(zBar, yBar, p, tape.transposed.base, into: xBar, rows: 0..<3 * n)
    }
  }
}
