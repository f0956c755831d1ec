/// The four passes of one layer; `n` rows, `x` `[n][inputs]`, `y` and `z` `[n][outputs]`, all row-major.
///
/// Source: docs/MATH.md, "Dense layer".
extension DenseLayer {
  /// `z = x W + b`, `y = c ⊙ f(z) + shortcut(x)`, where `c` is `idt` or 1.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func forward<Scalar: NetworkScalar>(
    _ p: UnsafePointer<Scalar>, _ x: UnsafePointer<Scalar>, _ tape: LayerTape<Scalar>,
    into y: UnsafeMutablePointer<Scalar>, rows n: Int, forTraining: Bool
  ) {
    let t = tape.value.base
    if let biases {
      for row in 0..<n { (t + row * outputs).update(from: p + biases.lowerBound, count: outputs) }
    }
    Scalar.gemm(
      transposeA: false, transposeB: false, rows: n, columns: outputs, inner: inputs,
      x, strideA: inputs, p + weights.lowerBound, strideB: outputs,
      beta: biases == nil ? 0 : 1, t, strideC: outputs)
    activation.evaluate(
      t, slope: tape.slope.base, curvature: forTraining ? tape.curvature.base : nil,
      count: n * outputs)
    scale(t, by: p, into: y, rows: n)
    addShortcut(of: x, to: y, rows: n)
  }

  /// `zBar = c ⊙ f'(z) ⊙ yBar`, `xBar = zBar Wᵀ + shortcutᵀ(yBar)`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func backward<Scalar: NetworkScalar>(
    _ p: UnsafePointer<Scalar>, _ tape: LayerTape<Scalar>, into xBar: UnsafeMutablePointer<Scalar>,
    rows n: Int
  ) {
    let zBar = tape.zAdjoints.base + n * outputs
    let yBar = tape.yBar.base, slope = tape.slope.base
    scale(yBar, by: p, into: zBar, rows: n)
    for k in 0..<n * outputs { zBar[k] *= slope[k] }
    multiplyByTransposedWeights(p, zBar, into: xBar, rows: n)
    addTransposedShortcut(of: yBar, to: xBar, rows: n)
  }

  /// `zDot = xDot W`, `yDot = c ⊙ f'(z) ⊙ zDot + shortcut(xDot)`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func tangent<Scalar: NetworkScalar>(
    _ p: UnsafePointer<Scalar>, _ xDot: UnsafePointer<Scalar>, _ tape: LayerTape<Scalar>,
    into yDot: UnsafeMutablePointer<Scalar>, rows n: Int
  ) {
    let zDot = tape.zDot.base, slope = tape.slope.base
    Scalar.gemm(
      transposeA: false, transposeB: false, rows: n, columns: outputs, inner: inputs,
      xDot, strideA: inputs, p + weights.lowerBound, strideB: outputs, beta: 0, zDot,
      strideC: outputs)
    scale(zDot, by: p, into: yDot, rows: n)
    for k in 0..<n * outputs { yDot[k] *= slope[k] }
    addShortcut(of: xDot, to: yDot, rows: n)
  }

  /// `zBarDot = c ⊙ (f' ⊙ yBarDot + f'' ⊙ zDot ⊙ yBar)`, `xBarDot = zBarDot Wᵀ + shortcutᵀ(yBarDot)`,
  /// `WBar += xᵀ zBarDot + xDotᵀ zBar`, `bBar += Σ zBarDot`, `idtBar += Σ (f yBarDot + f' zDot yBar)`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func backwardTangent<Scalar: NetworkScalar>(
    _ p: UnsafePointer<Scalar>, _ x: UnsafePointer<Scalar>, _ tape: LayerTape<Scalar>,
    into xBarDot: UnsafeMutablePointer<Scalar>, addingTo gradient: UnsafeMutablePointer<Scalar>,
    rows n: Int
  ) {
    let zBarDot = tape.zAdjoints.base, yBarDot = tape.yBarDot.base, yBar = tape.yBar.base
    let slope = tape.slope.base, curvature = tape.curvature.base, zDot = tape.zDot.base
    for k in 0..<n * outputs {
      zBarDot[k] = slope[k] * yBarDot[k] + curvature[k] * zDot[k] * yBar[k]
    }
    if let timesteps {
      let value = tape.value.base, bar = gradient + timesteps.lowerBound
      for row in 0..<n {
        for o in 0..<outputs {
          let k = row * outputs + o
          bar[o] += value[k] * yBarDot[k] + slope[k] * zDot[k] * yBar[k]
        }
      }
      scale(zBarDot, by: p, into: zBarDot, rows: n)
    }
    if let biases {
      let bar = gradient + biases.lowerBound
      for row in 0..<n { for o in 0..<outputs { bar[o] += zBarDot[row * outputs + o] } }
    }
    Scalar.gemm(  // 2n rows: x over xDot, zBarDot over zBar
      transposeA: true, transposeB: false, rows: inputs, columns: outputs, inner: 2 * n,
      x, strideA: inputs, zBarDot, strideB: outputs, beta: 1, gradient + weights.lowerBound,
      strideC: outputs)
    multiplyByTransposedWeights(p, zBarDot, into: xBarDot, rows: n)
    addTransposedShortcut(of: yBarDot, to: xBarDot, rows: n)
  }
}
