/// Some rows of a dense layer with all that its passes need: `y = f(z)` for each row, with what is
/// due to it, in memory that stays in the caches.
///
/// Everything is `[rows][width]`.
public struct LayerBlock<Scalar: NetworkScalar> {
  /// Numbers in a row, and rows.
  public let width: Int, count: Int
  /// `y`, in whose place `z` is before; `f'(z)` and `f''(z)`; the tangent of `z`.
  public let value: UnsafeMutablePointer<Scalar>, slope: UnsafeMutablePointer<Scalar>
  /// See `value`.
  public let curvature: UnsafeMutablePointer<Scalar>, tangent: UnsafeMutablePointer<Scalar>
  /// The adjoint of `y` and then of `z`, and its tangent; room for one more of them.
  public let adjoint: UnsafeMutablePointer<Scalar>, adjointTangent: UnsafeMutablePointer<Scalar>
  /// See `adjoint`.
  public let spare: UnsafeMutablePointer<Scalar>

  /// Rows that stay in the caches: 32 kB of them.
  public static func rows(width: Int) -> Int {
    max(16, (1 << 15) / (MemoryLayout<Scalar>.stride * max(width, 1)))
  }

  /// How many numbers a block takes.
  public static func scratchCount(width: Int) -> Int { 7 * rows(width: width) * width }

  /// Takes `scratchCount` numbers at `scratch`.
  public init(width: Int, count: Int, _ scratch: UnsafeMutablePointer<Scalar>) {
    self.width = width
    self.count = count
    let size = LayerBlock.rows(width: width) * width
    (value, slope) = (scratch, scratch + size)
    (curvature, tangent) = (scratch + 2 * size, scratch + 3 * size)
    (adjoint, adjointTangent) = (scratch + 4 * size, scratch + 5 * size)
    spare = scratch + 6 * size
  }

  /// Some numbers of the block as rows.
  public func rows(_ numbers: UnsafeMutablePointer<Scalar>) -> Rows<Scalar> {
    Rows(numbers, stride: width)
  }

  /// `to = a ⊙ b`; `to` may be one of them.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func set(
    _ to: UnsafeMutablePointer<Scalar>, _ a: UnsafePointer<Scalar>, times b: UnsafePointer<Scalar>
  ) {
    typealias V = Scalar.WideVector
    let total = width * count
    var i = 0
    while i + V.scalarCount <= total {
      put((get(a + i) as V) * get(b + i), to + i)
      i += V.scalarCount
    }
    while i < total {
      to[i] = a[i] * b[i]
      i += 1
    }
  }

  /// `to[p] = factor_p from[p]`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func set(
    _ to: UnsafeMutablePointer<Scalar>, _ from: Rows<Scalar>, times factors: RowFactors<Scalar>
  ) {
    setRows(from, times: factors, to: rows(to), width: width, count: count)
  }

  /// Sets `adjoint` to `z̄ = f' ⊙ s ⊙ factor_p ȳ[p]`; the `scale` s is one row for all, or nil for
  /// ones.  If `factorBar` is given, there is no scale, and `common y · ȳ[p]` is added to it: what
  /// is due to the factors, of which `common` is the part that all rows share.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func setAdjoint(
    _ yBar: Rows<Scalar>, times factors: RowFactors<Scalar>, scale: UnsafePointer<Scalar>?,
    factorBar: Rows<Scalar>? = nil, times common: Scalar = 1
  ) {
    precondition(scale == nil || factorBar == nil)
    for p in 0..<count {
      let yBar = yBar.at(p), slope = slope + p * width, adjoint = adjoint + p * width
      let factor = factors.at(p)
      if let scale {
        setProduct(adjoint, yBar, factor, scale, slope)
      } else {
        setProduct(adjoint, yBar, factor, slope)
      }
      if let factorBar {
        factorBar.at(p).pointee += common * innerProduct(value + p * width, yBar, count: width)
      }
    }
  }

  /// `to = s a ⊙ b ⊙ c` for one row, from left to right.  The same of two factors is a function of
  /// its own, because the compiler would ask for each vector which it is.
  @inline(__always)
  private func setProduct(
    _ to: UnsafeMutablePointer<Scalar>, _ a: UnsafePointer<Scalar>, _ s: Scalar,
    _ b: UnsafePointer<Scalar>, _ c: UnsafePointer<Scalar>
  ) {
    typealias V = Scalar.WideVector
    var i = 0
    while i + V.scalarCount <= width {
      put((get(a + i) as V) * s * get(b + i) * get(c + i), to + i)
      i += V.scalarCount
    }
    while i < width {
      to[i] = a[i] * s * b[i] * c[i]
      i += 1
    }
  }

  /// `to = s a ⊙ b` for one row.
  @inline(__always)
  private func setProduct(
    _ to: UnsafeMutablePointer<Scalar>, _ a: UnsafePointer<Scalar>, _ s: Scalar,
    _ b: UnsafePointer<Scalar>
  ) {
    typealias V = Scalar.WideVector
    var i = 0
    while i + V.scalarCount <= width {
      put((get(a + i) as V) * s * get(b + i), to + i)
      i += V.scalarCount
    }
    while i < width {
      to[i] = a[i] * s * b[i]
      i += 1
    }
  }

  /// Multiplies the rows of `numbers` by `scale`, one row for all.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func scale(_ numbers: UnsafeMutablePointer<Scalar>, by scale: UnsafePointer<Scalar>) {
    for p in 0..<count {
      let row = numbers + p * width
      var i = 0
      while i + Scalar.WideVector.scalarCount <= width {
        put((get(row + i) as Scalar.WideVector) * get(scale + i), row + i)
        i += Scalar.WideVector.scalarCount
      }
      while i < width {
        row[i] *= scale[i]
        i += 1
      }
    }
  }

  /// `z̄Dot = f' ȳDot + f'' zDot ȳ` in place of `ȳDot`, and then `z̄ = f' ȳ` in place of `ȳ`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func turnAdjoints() {
    typealias V = Scalar.WideVector
    let (ybar, ybarDot) = (adjoint, adjointTangent), total = width * count
    var i = 0
    while i + V.scalarCount <= total {
      let u = get(ybar + i) as V, s = get(slope + i) as V
      let bent = (get(curvature + i) as V) * get(tangent + i) * u
      put(bent.addingProduct(s, get(ybarDot + i)), ybarDot + i)
      put(s * u, ybar + i)
      i += V.scalarCount
    }
    while i < total {
      let u = ybar[i]
      ybarDot[i] = slope[i] * ybarDot[i] + curvature[i] * tangent[i] * u
      ybar[i] = slope[i] * u
      i += 1
    }
  }
}
