/// A dense product of some adjacent columns of adjacent rows with one matrix, and its two
/// transposes.
///
/// It computes the form `TrilinearForm.dense`, its plain twin, with matrix products.
public struct DenseProduct: Sendable, Equatable {
  /// Columns of x and of z.
  public let inputs: Int, outputs: Int

  /// The product with a matrix `[inputs][outputs]`.
  public init(inputs: Int, outputs: Int) {
    self.inputs = inputs
    self.outputs = outputs
  }

  /// `z += x W`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func add<Scalar: NetworkScalar>(
    _ x: Rows<Scalar>, _ weights: UnsafePointer<Scalar>, to z: Rows<Scalar>, count: Int
  ) {
    multiply(
      rows: count, columns: outputs, inner: inputs, MatrixOperand(x.base, row: x.stride),
      MatrixOperand(weights, row: outputs), into: z.base, row: z.stride, .add)
  }

  /// `xBar += zBar Wᵀ`, computed as `xBarᵀ = W zBarᵀ`; `scratch` has room for
  /// `count (inputs + outputs)` numbers.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func addToInputs<Scalar: NetworkScalar>(
    _ zBar: Rows<Scalar>, _ weights: UnsafePointer<Scalar>, to xBar: Rows<Scalar>, count: Int,
    scratch: UnsafeMutablePointer<Scalar>
  ) {
    let product = scratch + count * outputs
    for row in 0..<count {
      let from = zBar.base + row * zBar.stride
      for o in 0..<outputs { scratch[o * count + row] = from[o] }
    }
    multiply(
      rows: inputs, columns: count, inner: outputs, MatrixOperand(weights, row: outputs),
      MatrixOperand(scratch, row: count), into: product, row: inputs, .setTransposed)
    addRows(
      Rows(product, stride: inputs), times: RowFactors(1), to: xBar, width: inputs, count: count)
  }

  /// `WBar += xᵀ zBar`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func addToWeights<Scalar: NetworkScalar>(
    _ x: Rows<Scalar>, _ zBar: Rows<Scalar>, to weightsBar: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    multiply(
      rows: inputs, columns: outputs, inner: count, MatrixOperand(x.base, row: 1, column: x.stride),
      MatrixOperand(zBar.base, row: zBar.stride), into: weightsBar, row: outputs, .add)
  }
}
