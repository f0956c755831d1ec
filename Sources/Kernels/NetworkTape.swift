/// The activations of one network for a number of rows, which its passes hand to each other.
///
/// The caller owns the tape and lends it to the passes; the network itself stores nothing.  Passes
/// may work on disjoint ranges of rows on several threads.
public final class NetworkTape<Scalar: NetworkScalar>: @unchecked Sendable {
  /// The number of rows that fit.
  public private(set) var rows = 0
  private var forTraining = false
  /// The rows of each stage: stage 0 is the input, stage l + 1 the output of layer l.  The first
  /// `rows` rows hold values `x`; the next `rows` rows hold tangents `xDot`, so that one product
  /// serves both.
  let stages: [Buffer<Scalar>]
  /// The adjoints of each stage: for training `rows` rows of `xBarDot`, then `rows` rows of `xBar`;
  /// otherwise `xBar` alone.
  let adjoints: [Buffer<Scalar>]
  /// The numbers that each layer keeps.
  let layers: [LayerTape<Scalar>]
  private let widths: [Int]

  /// Makes a tape for `network`.
  public init(_ network: DenseNetwork) {
    precondition(network.precision == Scalar.precision)
    widths = [network.inputs] + network.layers.map(\.outputs)
    stages = widths.map { _ in Buffer<Scalar>() }
    adjoints = widths.map { _ in Buffer<Scalar>() }
    layers = network.layers.map { LayerTape(keepsValues: $0.timesteps != nil) }
  }

  /// Makes room for `rows` rows; room for tangents and other numbers of training only if
  /// `forTraining`.
  public func prepare(rows: Int, forTraining: Bool = true) {
    if (rows, forTraining) == (self.rows, self.forTraining) { return }
    (self.rows, self.forTraining) = (rows, forTraining)
    let parts = forTraining ? 2 : 1
    for (stage, width) in widths.enumerated() {
      stages[stage].reserve(parts * rows * width)
      adjoints[stage].reserve(parts * rows * width)
    }
    for (layer, width) in zip(layers, widths.dropFirst()) {
      layer.reserve(rows * width, forTraining: forTraining)
    }
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
  public var outputAdjoint: UnsafeMutablePointer<Scalar> { adjoint(of: stages.count - 1) }
  /// The tangents `yBarDot` of the output adjoints, for training; write them before
  /// `backwardTangent`.
  public var outputAdjointTangent: UnsafeMutablePointer<Scalar> {
    adjointTangent(of: stages.count - 1)
  }
  /// The input adjoints `xBar`, which `backward` writes.
  public var inputAdjoint: UnsafeMutablePointer<Scalar> { adjoint(of: 0) }
  /// The tangents `xBarDot` of the input adjoints, which `backwardTangent` writes.
  public var inputAdjointTangent: UnsafeMutablePointer<Scalar> { adjointTangent(of: 0) }

  /// The tangents `xBarDot` of a stage's adjoints; those adjoints follow.
  func adjointTangent(of stage: Int) -> UnsafeMutablePointer<Scalar> {
    precondition(forTraining)
    return adjoints[stage].base
  }

  /// The adjoints `xBar` of a stage.
  func adjoint(of stage: Int) -> UnsafeMutablePointer<Scalar> {
    adjoints[stage].base + (forTraining ? rows * widths[stage] : 0)
  }
}

/// The numbers that one layer keeps between its passes, where `z = x W + b`; all are
/// `[rows][outputs]`.
final class LayerTape<Scalar: NetworkScalar> {
  /// `f(z)`, if it is kept, `f'(z)`, `f''(z)`.
  let value = Buffer<Scalar>(), slope = Buffer<Scalar>(), curvature = Buffer<Scalar>()
  /// `zDot = xDot W`.
  let zDot = Buffer<Scalar>()
  /// `zBarDot`, then the same number of rows of `zBar`; in the weights' gradient they meet `x` and
  /// `xDot` of the stage below.
  let zAdjoints = Buffer<Scalar>()

  private let keepsValues: Bool

  /// An empty tape; it keeps `f(z)` for the gradient of timesteps.
  init(keepsValues: Bool) { self.keepsValues = keepsValues }

  func reserve(_ count: Int, forTraining: Bool) {
    if keepsValues { value.reserve(count) }
    slope.reserve(count)
    zAdjoints.reserve(2 * count)
    guard forTraining else { return }
    curvature.reserve(count)
    zDot.reserve(count)
  }
}
