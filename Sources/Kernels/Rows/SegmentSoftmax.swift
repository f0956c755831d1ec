import Glibc

/// `y = eˣ / (Σ eˣ + extra)`, with a sum over the rows of one segment, in every column.
///
/// A segment is a run of rows with equal numbers in `segments`.  `extra` has one number per row,
/// which is equal within a segment: the contribution of empty neighbor slots, each of which has
/// logit 0.  The derivative `J = diag(y) - y yᵀ` is symmetric.
/// Source: docs/MATH.md, "Operations".
public struct SegmentSoftmax<Scalar: NetworkScalar> {
  let segments: UnsafePointer<Int32>
  let extra: UnsafePointer<Scalar>?
  let width: Int, count: Int

  /// Prepares `count` adjacent rows, each `width` wide.
  public init(
    segments: UnsafePointer<Int32>, extra: UnsafePointer<Scalar>?, width: Int, count: Int
  ) {
    self.segments = segments
    self.extra = extra
    self.width = width
    self.count = count
  }

  /// `y = softmax(x)`; x and y are `[count][width]`, at different places.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func set(_ x: Rows<Scalar>, into y: UnsafeMutablePointer<Scalar>) {
    withColumns { top, sum in
      forEachSegment { rows in
        for c in 0..<width { top[c] = extra == nil ? -Scalar.infinity : 0 }
        for p in rows { for c in 0..<width { top[c] = max(top[c], x.at(p)[c]) } }
        let first = y + rows.lowerBound * width
        for p in rows { for c in 0..<width { y[p * width + c] = x.at(p)[c] - top[c] } }
        Scalar.exponentiate(first, count: rows.count * width)
        for c in 0..<width {
          let empty = extra.map { $0[Int(segments[rows.lowerBound])] } ?? 0
          sum[c] = empty == 0 ? 0 : empty * Scalar(exp(-Double(top[c])))
        }
        for p in rows { for c in 0..<width { sum[c] += y[p * width + c] } }
        for c in 0..<width { sum[c] = 1 / sum[c] }
        for p in rows { for c in 0..<width { y[p * width + c] *= sum[c] } }
      }
    }
  }

  /// `out += J v`, where softmax gave `y`: the tangent and its transpose.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func addDerivative(at y: Rows<Scalar>, of v: Rows<Scalar>, to out: Rows<Scalar>) {
    withColumns { total, _ in
      forEachSegment { rows in
        sum(rows, y, v, into: total)
        for p in rows {
          let y = y.at(p), v = v.at(p), out = out.at(p)
          for c in 0..<width { out[c] += y[c] * (v[c] - total[c]) }
        }
      }
    }
  }

  /// `out += JDot yBar = yDot (yBar - Σ y yBar) - y Σ yDot yBar`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func addCurvature(
    at y: Rows<Scalar>, _ yBar: Rows<Scalar>, along yDot: Rows<Scalar>, to out: Rows<Scalar>
  ) {
    withColumns { total, moved in
      forEachSegment { rows in
        sum(rows, y, yBar, into: total)
        sum(rows, yDot, yBar, into: moved)
        for p in rows {
          let y = y.at(p), z = yBar.at(p), yDot = yDot.at(p), out = out.at(p)
          for c in 0..<width { out[c] += yDot[c] * (z[c] - total[c]) - y[c] * moved[c] }
        }
      }
    }
  }

  /// `total = Σ a ⊙ b` over `rows`.
  @inline(__always)
  private func sum(
    _ rows: Range<Int>, _ a: Rows<Scalar>, _ b: Rows<Scalar>,
    into total: UnsafeMutablePointer<Scalar>
  ) {
    for c in 0..<width { total[c] = 0 }
    for p in rows {
      let a = a.at(p), b = b.at(p)
      for c in 0..<width { total[c] += a[c] * b[c] }
    }
  }

  @inline(__always)
  private func forEachSegment(_ body: (Range<Int>) -> Void) {
    var first = 0
    while first < count {
      var end = first + 1
      while end < count && segments[end] == segments[first] { end += 1 }
      body(first..<end)
      first = end
    }
  }

  @inline(__always)
  private func withColumns(
    _ body: (UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: max(2 * width, 1)) { memory in
      if let base = memory.baseAddress { body(base, base + width) }
    }
  }
}
