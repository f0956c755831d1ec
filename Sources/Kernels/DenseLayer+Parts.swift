/// The parts that the four passes of a layer share.
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

  /// `to = slope ⊙ c ⊙ from`.
  @inline(__always)
  func scale<Scalar: NetworkScalar>(
    _ from: UnsafePointer<Scalar>, by slope: UnsafePointer<Scalar>, _ p: UnsafePointer<Scalar>,
    into to: UnsafeMutablePointer<Scalar>, rows n: Int
  ) {
    guard timesteps != nil else {
      for k in 0..<n * outputs { to[k] = from[k] * slope[k] }
      return
    }
    scale(from, by: p, into: to, rows: n)
    for k in 0..<n * outputs { to[k] *= slope[k] }
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

  /// `y = slope ⊙ z + [x]` or `[x, x]` where the layer has a shortcut, in one pass over the rows;
  /// `y` may be `z`.
  ///
  /// It has vectors of its own, because the compiler makes none where `y` may be `z`.
  @inline(__always)
  func scaleAddingShortcut<Scalar: NetworkScalar>(
    of x: UnsafePointer<Scalar>, _ z: UnsafePointer<Scalar>, by slope: UnsafePointer<Scalar>,
    into y: UnsafeMutablePointer<Scalar>, rows n: Int
  ) {
    typealias V = Scalar.WideVector
    precondition(shortcutCopies > 0)
    for row in 0..<n {
      let x = x + row * inputs
      for copy in 0..<shortcutCopies {
        let first = row * outputs + copy * inputs
        let z = z + first, slope = slope + first, y = y + first
        var i = 0
        while i + V.scalarCount <= inputs {
          put((get(x + i) as V).addingProduct(get(slope + i), get(z + i)), y + i)
          i += V.scalarCount
        }
        while i < inputs {
          y[i] = x[i].addingProduct(slope[i], z[i])
          i += 1
        }
      }
    }
  }

  /// `xBar += yBar`, or the sum of its two halves if the layer doubles the width.
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

  /// `xBar = zBar Wᵀ + shortcutᵀ(yBar)`.
  ///
  /// Where the rows outnumber those of `W`, `W` is transposed; elsewhere `xBarᵀ = W zBarᵀ` is
  /// computed, so that `W` is read in the order of memory.  Both give the same bits.
  @inline(__always)
  func pullBack<Scalar: NetworkScalar>(
    _ zBar: UnsafePointer<Scalar>, _ yBar: UnsafePointer<Scalar>, _ p: UnsafePointer<Scalar>,
    into xBar: UnsafeMutablePointer<Scalar>, rows: Range<Int>
  ) {
    let n = rows.count, xBar = xBar + rows.lowerBound * inputs
    let w = UnsafeMutablePointer(mutating: p + weights.lowerBound)
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: min(n, inputs) * outputs) { memory in
      guard let scratch = memory.baseAddress else { return }
      if n >= inputs {
        transpose(
          Rows(w, stride: outputs), width: outputs, count: inputs, into: scratch, row: inputs)
        multiply(
          rows: n, columns: inputs, inner: outputs, MatrixOperand(zBar, row: outputs),
          MatrixOperand(scratch, row: inputs), into: xBar, row: inputs)
      } else {
        transpose(
          Rows(UnsafeMutablePointer(mutating: zBar), stride: outputs), width: outputs, count: n,
          into: scratch, row: n)
        multiply(
          rows: inputs, columns: n, inner: outputs, MatrixOperand(w, row: outputs),
          MatrixOperand(scratch, row: n), into: xBar, row: inputs, .setTransposed)
      }
    }
    addTransposedShortcut(of: yBar, to: xBar, rows: n)
  }

  /// Adds to `gradient` the sum over all rows that `body` computes, or replaces `gradient` by it;
  /// each number is added once, as in products of matrices.
  @inline(__always)
  func addSum<Scalar: NetworkScalar>(
    to gradient: UnsafeMutablePointer<Scalar>, replacing: Bool, rows n: Int,
    _ body: (Int, UnsafeMutablePointer<Scalar>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: outputs) { sum in
      guard let base = sum.baseAddress else { return }
      base.initialize(repeating: 0, count: outputs)
      for row in 0..<n { body(row, base) }
      for o in 0..<outputs { gradient[o] = replacing ? base[o] : gradient[o] + base[o] }
    }
  }
}
