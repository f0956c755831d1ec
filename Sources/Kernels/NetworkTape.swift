/// The activations of one network for a number of rows: what its passes hand to each other.
///
/// The caller owns the tape and lends it to the passes; nothing is cached in the network.  Passes
/// may work on disjoint ranges of rows on several threads.
public final class NetworkTape<Scalar: NetworkScalar>: @unchecked Sendable {
  /// Rows that there is room for.
  public private(set) var rows = 0
  /// Rows of each stage: stage 0 is the input, stage l + 1 the output of layer l.  The first `rows`
  /// rows hold values `x`; as many rows after them hold tangents `xDot`, so that one product serves
  /// both.
  let stages: [Buffer<Scalar>]
  /// What each layer keeps.
  let layers: [LayerTape<Scalar>]
  /// Adjoints of the input, `xBar` and `xBarDot`.
  let inputBar = Buffer<Scalar>(), inputBarDot = Buffer<Scalar>()
  private let widths: [Int]

  /// A tape for `network`.
  public init(_ network: DenseNetwork) {
    precondition(network.precision == Scalar.precision)
    widths = [network.inputs] + network.layers.map(\.outputs)
    stages = widths.map { _ in Buffer<Scalar>() }
    layers = network.layers.map { _ in LayerTape<Scalar>() }
  }

  /// Makes room for `rows` rows, with tangents and all that training needs only `forTraining`.
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

  /// Input rows `x`, `[rows][inputs]`: to be written before `forward`.
  public var input: UnsafeMutablePointer<Scalar> { stages[0].base }
  /// Input tangents `xDot`: to be written before `tangent`.
  public var inputTangent: UnsafeMutablePointer<Scalar> { stages[0].base + rows * widths[0] }
  /// Output rows `y`: given by `forward`.
  public var output: UnsafeMutablePointer<Scalar> { stages[stages.count - 1].base }
  /// Output tangents `yDot`: given by `tangent`.
  public var outputTangent: UnsafeMutablePointer<Scalar> {
    output + rows * widths[widths.count - 1]
  }
  /// Output adjoints `yBar`: to be written before `backward`.
  public var outputAdjoint: UnsafeMutablePointer<Scalar> { layers[layers.count - 1].yBar.base }
  /// Tangents `yBarDot` of the output adjoints: to be written before `backwardTangent`.
  public var outputAdjointTangent: UnsafeMutablePointer<Scalar> {
    layers[layers.count - 1].yBarDot.base
  }
  /// Input adjoints `xBar`: given by `backward`.
  public var inputAdjoint: UnsafeMutablePointer<Scalar> { inputBar.base }
  /// Tangents `xBarDot` of the input adjoints: given by `backwardTangent`.
  public var inputAdjointTangent: UnsafeMutablePointer<Scalar> { inputBarDot.base }
}

/// What one layer keeps between its passes; with `z = x W + b`, all `[rows][outputs]`.
final class LayerTape<Scalar: NetworkScalar> {
  /// `f(z)`, `f'(z)`, `f''(z)`.
  let value = Buffer<Scalar>(), slope = Buffer<Scalar>(), curvature = Buffer<Scalar>()
  /// `zDot = xDot W`.
  let zDot = Buffer<Scalar>()
  /// Adjoints of the output and their tangents.
  let yBar = Buffer<Scalar>(), yBarDot = Buffer<Scalar>()
  /// `zBarDot`, then as many rows of `zBar`: the mates of the stage below's `x` and `xDot` in the
  /// weights' gradient.
  let zAdjoints = Buffer<Scalar>()
  /// `zBar` or `zBarDot` of one range of rows, transposed.
  let transposed = Buffer<Scalar>()

  func reserve(_ count: Int, forTraining: Bool) {
    for buffer in [value, slope, yBar, transposed] { buffer.reserve(count) }
    zAdjoints.reserve(2 * count)
    if forTraining { for buffer in [curvature, zDot, yBarDot] { buffer.reserve(count) } }
  }
}
