/// The products of neighbors' rows `R` (4 numbers each) and embeddings `G` (`width` numbers) with
/// an atom's matrix `T` `[4][width]`, rows `stride` apart.  Source: docs/MATH.md, "Descriptor
/// se_e2_a".

/// `T += Σ_n R_n ⊗ G_n` over `count` neighbors of the atom, in their order; rows of `G` are `gRow`
/// apart.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
public func addOuterProducts<Scalar: NetworkScalar>(
  _ rows: UnsafePointer<SIMD4<Scalar>>, _ g: UnsafePointer<Scalar>, gRow: Int, count: Int,
  to t: UnsafeMutablePointer<Scalar>, width: Int, stride: Int
) {
  typealias V = Scalar.BlockVector
  var m = 0
  while m + V.scalarCount <= width {
    let t0 = t + m, t1 = t0 + stride, t2 = t1 + stride, t3 = t2 + stride
    var (s0, s1, s2, s3): (V, V, V, V) = (get(t0), get(t1), get(t2), get(t3))
    for n in 0..<count {
      let row = rows[n], x = get(g + n * gRow + m) as V
      s0.addProduct(V(repeating: row.r0), x)
      s1.addProduct(V(repeating: row.r1), x)
      s2.addProduct(V(repeating: row.r2), x)
      s3.addProduct(V(repeating: row.r3), x)
    }
    put(s0, t0)
    put(s1, t1)
    put(s2, t2)
    put(s3, t3)
    m += V.scalarCount
  }
  while m < width {
    let t0 = t + m, t1 = t0 + stride, t2 = t1 + stride, t3 = t2 + stride
    var column = SIMD4(t0.pointee, t1.pointee, t2.pointee, t3.pointee)
    for n in 0..<count { column.addProduct(rows[n], SIMD4(repeating: g[n * gRow + m])) }
    (t0.pointee, t1.pointee, t2.pointee, t3.pointee) = (column.r0, column.r1, column.r2, column.r3)
    m += 1
  }
}

/// The factors of one neighbor in `combineColumns`: for the gradient of `se_e2_a` these are
/// `RDot_0 R`, `RDot` and `R`, each times the weight.
public struct ColumnFactors<Scalar: NetworkScalar> {
  let p: SIMD4<Scalar>, q: SIMD4<Scalar>, r: SIMD4<Scalar>

  /// Takes the factors `p` of the first sum, `q` and `r` of the second.
  public init(_ p: SIMD4<Scalar>, _ q: SIMD4<Scalar>, _ r: SIMD4<Scalar>) {
    (self.p, self.q, self.r) = (p, q, r)
  }
}

/// `G_n = Σ_c p_nc T_c` and `H_n = Σ_c (q_nc T_c + r_nc U_c)` for `count` neighbors of the atom;
/// `g` and `h` are `[count][width]`, `t` and `u` `[4][stride]`.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
public func combineColumns<Scalar: NetworkScalar>(
  of t: UnsafePointer<Scalar>, _ u: UnsafePointer<Scalar>,
  by factors: UnsafePointer<ColumnFactors<Scalar>>, count: Int, width: Int, stride: Int,
  into g: UnsafeMutablePointer<Scalar>, _ h: UnsafeMutablePointer<Scalar>
) {
  typealias V = Scalar.WideVector
  let t1 = t + stride, t2 = t1 + stride, t3 = t2 + stride
  let u1 = u + stride, u2 = u1 + stride, u3 = u2 + stride
  var m = 0
  while m + V.scalarCount <= width {
    let x0 = get(t + m) as V, x1 = get(t1 + m) as V, x2 = get(t2 + m) as V, x3 = get(t3 + m) as V
    let y0 = get(u + m) as V, y1 = get(u1 + m) as V, y2 = get(u2 + m) as V, y3 = get(u3 + m) as V
    for n in 0..<count {
      let p = factors[n].p, q = factors[n].q, r = factors[n].r
      var sum = V(repeating: p.r0) * x0
      sum.addProduct(V(repeating: p.r1), x1)
      sum.addProduct(V(repeating: p.r2), x2)
      sum.addProduct(V(repeating: p.r3), x3)
      put(sum, g + n * width + m)
      var other = V(repeating: q.r0) * x0, last = V(repeating: r.r0) * y0
      other.addProduct(V(repeating: q.r1), x1)
      last.addProduct(V(repeating: r.r1), y1)
      other.addProduct(V(repeating: q.r2), x2)
      last.addProduct(V(repeating: r.r2), y2)
      other.addProduct(V(repeating: q.r3), x3)
      last.addProduct(V(repeating: r.r3), y3)
      put(other + last, h + n * width + m)
    }
    m += V.scalarCount
  }
  while m < width {
    let x = SIMD4(t[m], t1[m], t2[m], t3[m]), y = SIMD4(u[m], u1[m], u2[m], u3[m])
    for n in 0..<count {
      g[n * width + m] = (factors[n].p * x).sum()
      h[n * width + m] = (factors[n].q * x).addingProduct(factors[n].r, y).sum()
    }
    m += 1
  }
}

/// `T_c · G_n` and `T_c · H_n` for rows of `G` and `H` of `count` neighbors of the atom, `gRow`
/// apart.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
public func project<Scalar: NetworkScalar>(
  _ g: UnsafePointer<Scalar>, _ h: UnsafePointer<Scalar>, gRow: Int, count: Int,
  on t: UnsafePointer<Scalar>, width: Int, stride: Int,
  into ofG: UnsafeMutablePointer<SIMD4<Scalar>>, _ ofH: UnsafeMutablePointer<SIMD4<Scalar>>
) {
  typealias V = Scalar.WideVector
  let step = V.scalarCount, t1 = t + stride, t2 = t1 + stride, t3 = t2 + stride
  for n in 0..<count {
    let g = g + n * gRow, h = h + n * gRow
    var g0 = V.zero, g1 = V.zero, g2 = V.zero, g3 = V.zero
    var h0 = V.zero, h1 = V.zero, h2 = V.zero, h3 = V.zero
    var m = 0
    while m + step <= width {
      let x = get(g + m) as V, y = get(h + m) as V
      let c0 = get(t + m) as V, c1 = get(t1 + m) as V, c2 = get(t2 + m) as V, c3 = get(t3 + m) as V
      g0.addProduct(c0, x)
      g1.addProduct(c1, x)
      g2.addProduct(c2, x)
      g3.addProduct(c3, x)
      h0.addProduct(c0, y)
      h1.addProduct(c1, y)
      h2.addProduct(c2, y)
      h3.addProduct(c3, y)
      m += step
    }
    ofG[n] = SIMD4(g0.sum(), g1.sum(), g2.sum(), g3.sum())
    ofH[n] = SIMD4(h0.sum(), h1.sum(), h2.sum(), h3.sum())
    while m < width {
      let column = SIMD4(t[m], t1[m], t2[m], t3[m])
      ofG[n].addProduct(column, SIMD4(repeating: g[m]))
      ofH[n].addProduct(column, SIMD4(repeating: h[m]))
      m += 1
    }
  }
}

/// `a · b`, in eight partial sums: an order that the compiler may turn into vector instructions.
@inline(__always)
func innerProduct<Scalar: NetworkScalar>(
  _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, count: Int
) -> Scalar {
  typealias V = SIMD8<Scalar>
  var sums = V.zero, i = 0
  while i + 8 <= count {
    sums.addProduct(get(a + i), get(b + i))
    i += 8
  }
  let pairs = sums.evenHalf + sums.oddHalf
  let quads = pairs.evenHalf + pairs.oddHalf
  var total = quads.x + quads.y
  while i < count {
    total += a[i] * b[i]
    i += 1
  }
  return total
}
