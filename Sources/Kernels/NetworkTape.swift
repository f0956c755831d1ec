/// The activations of one network for a number of rows, which its passes hand to each other.
///
/// The caller owns the tape and lends it to the passes; the network itself stores nothing.  Passes
/// may work on disjoint ranges of rows on several threads.
public final class NetworkTape<Scalar: NetworkScalar>: @unchecked Sendable {
  /// The number of rows that fit.
  public private(set) var rows = 0
  /// The rows of each stage: stage 0 is the input, stage l + 1 the output of layer l.  The first
  /// `rows` rows hold values `x`; the next `rows` rows hold tangents `xDot`, so that one product
  /// serves both.
  let stages: [Buffer<Scalar>]
  /// The numbers that each layer keeps.
  let layers: [LayerTape<Scalar>]
  /// Adjoints of the input, `xBar` and `xBarDot`.
  let inputBar = Buffer<Scalar>(), inputBarDot = Buffer<Scalar>()
  private let widths: [Int]

  /// Makes a tape for `network`.
  public init(_ network: DenseNetwork) {
    precondition(network.precision == Scalar.precision)
    widths = [network.inputs] + network.layers.map(\.outputs)
    stages = widths.map { _ in Buffer<Scalar>() }
    layers = network.layers.map { LayerTape(keepsValues: $0.timesteps != nil) }
  }

  /// Makes room for `rows` rows; room for tangents and other numbers of training only if
  /// `forTraining`.
  public func prepare(rows: Int, forTraining: Bool = true) {
    self.rows = rows
    for (stage, width) in zip(stages, widths) {
      stage.reserve((forTraining ? 2 : 1) * rows * width)
    }
    for (layer, width) in zip(layers, widths.dropFirst()) {
      layer.reserve(rows * width, forTraining: forTraining)
    }
    inputBar.reserve(rows * widths[0])
    if forTraining { inputBarDot.reserve(rows * widths[0]) }
  }

  /// The input rows `x`, `[rows][inputs]`; write them before `forward`.
  public var input: UnsafeMutablePointer<Scalar> { stages[0].base }
  /// The input tangents `xDot`; write them before `tangent`.
  public var inputTangent: UnsafeMutablePointer<Scalar> { stages[0].base + rows * widths[0] }
  /// The output rows `y`, which `forward` writes.
  public var output: UnsafeMutablePointer<Scalar> { stages[stages.count - 1].base }
  /// The output tangents `yDot`, which `tangent` writes.
  public var outputTangent: UnsafeMutablePointer<Scalar> {
    output + rows * widths[widths.count - 1]
  }
  /// The output adjoints `yBar`; write them before `backward`.
  public var outputAdjoint: UnsafeMutablePointer<Scalar> { layers[layers.count - 1].yBar.base }
  /// The tangents `yBarDot` of the output adjoints; write them before `backwardTangent`.
  public var outputAdjointTangent: UnsafeMutablePointer<Scalar> {
    layers[layers.count - 1].yBarDot.base
  }
  /// The input adjoints `xBar`, which `backward` writes.
  public var inputAdjoint: UnsafeMutablePointer<Scalar> { inputBar.base }
  /// The tangents `xBarDot` of the input adjoints, which `backwardTangent` writes.
  public var inputAdjointTangent: UnsafeMutablePointer<Scalar> { inputBarDot.base }
}

/// The numbers that one layer keeps between its passes, where `z = x W + b`; all are
/// `[rows][outputs]`.
final class LayerTape<Scalar: NetworkScalar> {
  /// `f(z)`, if it is kept, `f'(z)`, `f''(z)`.
  let value = Buffer<Scalar>(), slope = Buffer<Scalar>(), curvature = Buffer<Scalar>()
  /// `zDot = xDot W`.
  let zDot = Buffer<Scalar>()
  /// Adjoints of the output and their tangents.
  let yBar = Buffer<Scalar>(), yBarDot = Buffer<Scalar>()
  /// `zBarDot`, then the same number of rows of `zBar`; in the weights' gradient they meet `x` and
  /// `xDot` of the stage below.
  let zAdjoints = Buffer<Scalar>()
  /// What a pull-back transposes: `zBar` or `zBarDot` of one range of rows, or the weights where
  /// they are no more numbers.
  let transposed = Buffer<Scalar>()

  private let keepsValues: Bool

  /// An empty tape; it keeps `f(z)` for the gradient of timesteps.
  init(keepsValues: Bool) { self.keepsValues = keepsValues }

  func reserve(_ count: Int, forTraining: Bool) {
    if keepsValues { value.reserve(count) }
    for buffer in [slope, yBar, transposed] { buffer.reserve(count) }
    zAdjoints.reserve(2 * count)
    if forTraining { for buffer in [curvature, zDot, yBarDot] { buffer.reserve(count) } }
  }
}
