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

  /// `z = x W`, and rows of `added` after it.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func set<Scalar: NetworkScalar>(
    _ x: Rows<Scalar>, _ weights: UnsafePointer<Scalar>, into z: Rows<Scalar>, count: Int,
    adding added: AddedRows<Scalar> = AddedRows()
  ) {
    multiply(
      rows: count, columns: outputs, inner: inputs, MatrixOperand(x.base, row: x.stride),
      MatrixOperand(weights, row: outputs), into: z.base, row: z.stride, adding: added)
  }

  /// How many numbers `addToInputs` needs for `count` rows.
  public func scratchCount(_ count: Int) -> Int {
    isNarrow(count) ? count * (inputs + outputs) : inputs * outputs
  }

  /// Whether rows are few, so that they and not the matrix are transposed.
  private func isNarrow(_ count: Int) -> Bool { count < inputs }

  /// Writes `Wᵀ`, `[outputs][inputs]`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func transpose<Scalar: NetworkScalar>(
    _ weights: UnsafePointer<Scalar>, into transposed: UnsafeMutablePointer<Scalar>
  ) {
    let rows = Rows(UnsafeMutablePointer(mutating: weights), stride: outputs)
    Kernels.transpose(rows, width: outputs, count: inputs, into: transposed, row: inputs)
  }

  /// `xBar += zBar Wᵀ`, where `Wᵀ` is at hand.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func addToInputs<Scalar: NetworkScalar>(
    _ zBar: Rows<Scalar>, transposed weights: UnsafePointer<Scalar>, to xBar: Rows<Scalar>,
    count: Int
  ) {
    if inputs == 1 {
      for p in 0..<count {
        xBar.at(p).pointee += innerProduct(zBar.at(p), weights, count: outputs)
      }
      return
    }
    multiply(
      rows: count, columns: inputs, inner: outputs, MatrixOperand(zBar.base, row: zBar.stride),
      MatrixOperand(weights, row: inputs), into: xBar.base, row: xBar.stride, .add)
  }

  /// `xBar += zBar Wᵀ`, or as `xBarᵀ = W zBarᵀ` for few rows; `scratch` has room for
  /// `scratchCount` numbers.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func addToInputs<Scalar: NetworkScalar>(
    _ zBar: Rows<Scalar>, _ weights: UnsafePointer<Scalar>, to xBar: Rows<Scalar>, count: Int,
    scratch: UnsafeMutablePointer<Scalar>
  ) {
    if inputs == 1 {  // then W and its transpose are the same numbers
      return addToInputs(zBar, transposed: weights, to: xBar, count: count)
    }
    guard isNarrow(count) else {
      transpose(weights, into: scratch)
      return addToInputs(zBar, transposed: scratch, to: xBar, count: count)
    }
    let product = scratch + count * outputs
    Kernels.transpose(zBar, width: outputs, count: count, into: scratch, row: count)
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
    if inputs == 1 {
      return addRun(zBar, 0..<count, to: weightsBar, count: outputs) { x.at($0).pointee }
    }
    multiply(
      rows: inputs, columns: outputs, inner: count, MatrixOperand(x.base, row: 1, column: x.stride),
      MatrixOperand(zBar.base, row: zBar.stride), into: weightsBar, row: outputs, .add)
  }
}
