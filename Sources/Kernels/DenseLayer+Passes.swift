/// The passes of one layer over a range of rows; `x` is `[rows][inputs]`, `y` and `z`
/// `[rows][outputs]`.
///
/// Source: docs/MATH.md, "Dense layer".
extension DenseLayer {
  /// `z = x W + b`, `y = c ⊙ f(z) + shortcut(x)`, where `c` is `idt` or 1.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func forward<Scalar: NetworkScalar>(
    _ p: UnsafePointer<Scalar>, _ x: UnsafePointer<Scalar>, _ tape: LayerTape<Scalar>,
    into y: UnsafeMutablePointer<Scalar>, rows: Range<Int>, forTraining: Bool
  ) {
    let n = rows.count, first = rows.lowerBound * outputs
    let x = x + rows.lowerBound * inputs, y = y + first
    // Only the gradient of timesteps asks for `f(z)` once more.
    let t = timesteps == nil ? y : tape.value.base + first
    multiply(
      rows: n, columns: outputs, inner: inputs, MatrixOperand(x, row: inputs),
      MatrixOperand(p + weights.lowerBound, row: outputs), into: t, row: outputs,
      bias: biases.map { p + $0.lowerBound })
    activation.evaluate(
      t, slope: tape.slope.base + first, curvature: forTraining ? tape.curvature.base + first : nil,
      count: n * outputs)
    scale(t, by: p, into: y, rows: n)
    addShortcut(of: x, to: y, rows: n)
  }

  /// `zBar = c ⊙ f'(z) ⊙ yBar`, `xBar = zBar Wᵀ + shortcutᵀ(yBar)`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func backward<Scalar: NetworkScalar>(
    _ p: UnsafePointer<Scalar>, _ yBar: UnsafePointer<Scalar>, _ tape: LayerTape<Scalar>,
    into xBar: UnsafeMutablePointer<Scalar>, rows: Range<Int>, of total: Int
  ) {
    let n = rows.count, first = rows.lowerBound * outputs
    let zBar = tape.zAdjoints.base + total * outputs + first
    let yBar = yBar + first, slope = tape.slope.base + first
    scale(yBar, by: slope, p, into: zBar, rows: n)
    pullBack(zBar, yBar, p, into: xBar, rows: rows)
  }

  /// `zDot = xDot W`, `yDot = c ⊙ f'(z) ⊙ zDot + shortcut(xDot)`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func tangent<Scalar: NetworkScalar>(
    _ p: UnsafePointer<Scalar>, _ xDot: UnsafePointer<Scalar>, _ tape: LayerTape<Scalar>,
    into yDot: UnsafeMutablePointer<Scalar>, rows: Range<Int>, forTraining: Bool
  ) {
    let n = rows.count, first = rows.lowerBound * outputs
    let xDot = xDot + rows.lowerBound * inputs, yDot = yDot + first
    // Only the gradient asks for `zDot` once more.
    let zDot = forTraining ? tape.zDot.base + first : yDot, slope = tape.slope.base + first
    multiply(
      rows: n, columns: outputs, inner: inputs, MatrixOperand(xDot, row: inputs),
      MatrixOperand(p + weights.lowerBound, row: outputs), into: zDot, row: outputs)
    if timesteps == nil && shortcutCopies > 0 {
      scaleAddingShortcut(of: xDot, zDot, by: slope, into: yDot, rows: n)
    } else {
      scale(zDot, by: slope, p, into: yDot, rows: n)
      addShortcut(of: xDot, to: yDot, rows: n)
    }
  }

  /// `zBarDot = c ⊙ (f' ⊙ yBarDot + f'' ⊙ zDot ⊙ yBar)`,
  /// `xBarDot = zBarDot Wᵀ + shortcutᵀ(yBarDot)`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func backwardTangent<Scalar: NetworkScalar>(
    _ p: UnsafePointer<Scalar>, _ yBar: UnsafePointer<Scalar>, _ yBarDot: UnsafePointer<Scalar>,
    _ tape: LayerTape<Scalar>, into xBarDot: UnsafeMutablePointer<Scalar>, rows: Range<Int>
  ) {
    let n = rows.count, first = rows.lowerBound * outputs
    let zBarDot = tape.zAdjoints.base + first, zDot = tape.zDot.base + first
    let yBarDot = yBarDot + first, yBar = yBar + first
    let slope = tape.slope.base + first, curvature = tape.curvature.base + first
    for k in 0..<n * outputs {
      zBarDot[k] = slope[k] * yBarDot[k] + curvature[k] * zDot[k] * yBar[k]
    }
    scale(zBarDot, by: p, into: zBarDot, rows: n)
    pullBack(zBarDot, yBarDot, p, into: xBarDot, rows: rows)
  }

  /// `WBar += xᵀ zBarDot + xDotᵀ zBar` for some of its rows: one product, over `x` above `xDot`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func addWeightGradient<Scalar: NetworkScalar>(
    _ x: UnsafePointer<Scalar>, _ tape: LayerTape<Scalar>, inputs range: Range<Int>, rows n: Int,
    to gradient: UnsafeMutablePointer<Scalar>, replacing: Bool
  ) {
    multiply(
      rows: range.count, columns: outputs, inner: 2 * n,
      MatrixOperand(x + range.lowerBound, row: 1, column: inputs),
      MatrixOperand(tape.zAdjoints.base, row: outputs),
      into: gradient + weights.lowerBound + range.lowerBound * outputs, row: outputs,
      replacing ? .set : .add)
  }

  /// `bBar += Σ zBarDot`, `idtBar += Σ (f yBarDot + f' zDot yBar)`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func addVectorGradients<Scalar: NetworkScalar>(
    _ yBar: UnsafePointer<Scalar>, _ yBarDot: UnsafePointer<Scalar>, _ tape: LayerTape<Scalar>,
    rows n: Int, to gradient: UnsafeMutablePointer<Scalar>, replacing: Bool
  ) {
    if let biases {
      addSum(to: gradient + biases.lowerBound, replacing: replacing, rows: n) { row, sum in
        let zBarDot = tape.zAdjoints.base + row * outputs
        for o in 0..<outputs { sum[o] += zBarDot[o] }
      }
    }
    if let timesteps {
      addSum(to: gradient + timesteps.lowerBound, replacing: replacing, rows: n) { row, sum in
        let first = row * outputs
        let value = tape.value.base + first, slope = tape.slope.base + first
        let zDot = tape.zDot.base + first, yBar = yBar + first, yBarDot = yBarDot + first
        for o in 0..<outputs { sum[o] += value[o] * yBarDot[o] + slope[o] * zDot[o] * yBar[o] }
      }
    }
  }
}
