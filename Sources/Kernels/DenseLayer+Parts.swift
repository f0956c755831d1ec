/// What the four passes of a layer share.
extension DenseLayer {
  /// `to = c ⊙ from`, row by row; `to` may be `from`.
  @inline(__always)
  func scale<Scalar: NetworkScalar>(
    _ from: UnsafePointer<Scalar>, by p: UnsafePointer<Scalar>,
    into to: UnsafeMutablePointer<Scalar>, rows n: Int
  ) {
    guard let timesteps else {
      if UnsafePointer(to) != from { to.update(from: from, count: n * outputs) }
      return
    }
    let c = p + timesteps.lowerBound
    for row in 0..<n {
      let from = from + row * outputs, to = to + row * outputs
      for o in 0..<outputs { to[o] = c[o] * from[o] }
    }
  }

  /// `y += [x]` or `[x, x]`, where the widths allow it.
  @inline(__always)
  func addShortcut<Scalar: NetworkScalar>(
    of x: UnsafePointer<Scalar>, to y: UnsafeMutablePointer<Scalar>, rows n: Int
  ) {
    for copy in 0..<shortcutCopies {
      for row in 0..<n {
        let x = x + row * inputs, y = y + row * outputs + copy * inputs
        for i in 0..<inputs { y[i] += x[i] }
      }
    }
  }

  /// `xBar += yBar`, both halves of it where the layer doubles the width.
  @inline(__always)
  func addTransposedShortcut<Scalar: NetworkScalar>(
    of yBar: UnsafePointer<Scalar>, to xBar: UnsafeMutablePointer<Scalar>, rows n: Int
  ) {
    for copy in 0..<shortcutCopies {
      for row in 0..<n {
        let yBar = yBar + row * outputs + copy * inputs, xBar = xBar + row * inputs
        for i in 0..<inputs { xBar[i] += yBar[i] }
      }
    }
  }

  /// `xBar = zBar Wᵀ`.
  @inline(__always)
  func multiplyByTransposedWeights<Scalar: NetworkScalar>(
    _ p: UnsafePointer<Scalar>, _ zBar: UnsafePointer<Scalar>,
    into xBar: UnsafeMutablePointer<Scalar>, rows n: Int
  ) {
    Scalar.gemm(
      transposeA: false, transposeB: true, rows: n, columns: inputs, inner: outputs,
      zBar, strideA: outputs, p + weights.lowerBound, strideB: outputs, beta: 0, xBar,
      strideC: inputs)
  }
}
