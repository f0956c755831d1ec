/// The products that make the descriptor `D = Tᵀ T_<` `[width][axis]` of an atom's matrix `T`
/// `[4][width]`, where `T_<` is the first `axis` columns of `T` and rows of `T` are `stride` apart.
/// Source: docs/MATH.md, "Descriptor se_e2_a".
///
/// Both products are linear in each factor, so they serve all four passes:
/// `DDot = TDotᵀ T_< + Tᵀ TDot_<`, and `TBarDot` is the product of `DBarDot` with `T` plus that of
/// `DBar` with `TDot`.

/// `D += Lᵀ R_<`.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
public func addSquare<Scalar: NetworkScalar>(
  _ l: UnsafePointer<Scalar>, _ r: UnsafePointer<Scalar>, to d: UnsafeMutablePointer<Scalar>,
  width: Int, axis: Int, stride: Int
) {
  var a = 0
  while a + 16 <= axis {
    addSquareColumns(of: SIMD16<Scalar>.self, a, l, r, to: d, width, axis, stride)
    a += 16
  }
  while a + 4 <= axis {
    addSquareColumns(of: SIMD4<Scalar>.self, a, l, r, to: d, width, axis, stride)
    a += 4
  }
  for a in a..<axis {
    let r0 = r[a], r1 = r[a + stride], r2 = r[a + 2 * stride], r3 = r[a + 3 * stride]
    for m in 0..<width {
      d[m * axis + a] +=
        (l[m] * r0 + l[m + stride] * r1) + (l[m + 2 * stride] * r2 + l[m + 3 * stride] * r3)
    }
  }
}

@inline(__always)
private func addSquareColumns<V: FusedVector>(
  of vector: V.Type, _ a: Int, _ l: UnsafePointer<V.Scalar>, _ r: UnsafePointer<V.Scalar>,
  to d: UnsafeMutablePointer<V.Scalar>, _ width: Int, _ axis: Int, _ stride: Int
) {
  let r0: V = get(r + a), r1: V = get(r + a + stride)
  let r2: V = get(r + a + 2 * stride), r3: V = get(r + a + 3 * stride)
  for m in 0..<width {
    let to = d + m * axis + a
    var sum: V = get(to)
    sum.addProduct(r0, V(repeating: l[m]))
    sum.addProduct(r1, V(repeating: l[m + stride]))
    sum.addProduct(r2, V(repeating: l[m + 2 * stride]))
    sum.addProduct(r3, V(repeating: l[m + 3 * stride]))
    put(sum, to)
  }
}

/// `TBar += T_< DBarᵀ`, and `TBar_< += T DBar`: the adjoint of `D = Tᵀ T_<`.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
public func addSquareAdjoint<Scalar: NetworkScalar>(
  _ dBar: UnsafePointer<Scalar>, _ t: UnsafePointer<Scalar>, to tBar: UnsafeMutablePointer<Scalar>,
  width: Int, axis: Int, stride: Int
) {
  addTransposedAdjoint(dBar, t, to: tBar, width: width, axis: axis, stride: stride)
  var a = 0
  while a + 16 <= axis {
    addAdjointColumns(of: SIMD16<Scalar>.self, a, dBar, t, to: tBar, width, axis, stride)
    a += 16
  }
  while a + 4 <= axis {
    addAdjointColumns(of: SIMD4<Scalar>.self, a, dBar, t, to: tBar, width, axis, stride)
    a += 4
  }
  for a in a..<axis {
    for c in 0..<4 {
      var sum: Scalar = 0
      for m in 0..<width { sum += t[c * stride + m] * dBar[m * axis + a] }
      tBar[c * stride + a] += sum
    }
  }
}

/// `TBar_< += T DBar` for the columns from `a` on.
@inline(__always)
private func addAdjointColumns<V: FusedVector>(
  of vector: V.Type, _ a: Int, _ dBar: UnsafePointer<V.Scalar>, _ t: UnsafePointer<V.Scalar>,
  to tBar: UnsafeMutablePointer<V.Scalar>, _ width: Int, _ axis: Int, _ stride: Int
) {
  let to = tBar + a
  var s0: V = get(to), s1: V = get(to + stride)
  var s2: V = get(to + 2 * stride), s3: V = get(to + 3 * stride)
  for m in 0..<width {
    let row: V = get(dBar + m * axis + a)
    s0.addProduct(row, V(repeating: t[m]))
    s1.addProduct(row, V(repeating: t[m + stride]))
    s2.addProduct(row, V(repeating: t[m + 2 * stride]))
    s3.addProduct(row, V(repeating: t[m + 3 * stride]))
  }
  put(s0, to)
  put(s1, to + stride)
  put(s2, to + 2 * stride)
  put(s3, to + 3 * stride)
}

/// `TBar += T_< DBarᵀ`: columns of four numbers, four columns side by side.
@inline(__always)
private func addTransposedAdjoint<Scalar: NetworkScalar>(
  _ dBar: UnsafePointer<Scalar>, _ t: UnsafePointer<Scalar>, to tBar: UnsafeMutablePointer<Scalar>,
  width: Int, axis: Int, stride: Int
) {
  withUnsafeTemporaryAllocation(of: SIMD4<Scalar>.self, capacity: axis) { columns in
    guard let columns = columns.baseAddress else { return }
    for a in 0..<axis {
      columns[a] = SIMD4(t[a], t[a + stride], t[a + 2 * stride], t[a + 3 * stride])
    }
    addTransposedAdjoint(dBar, UnsafePointer(columns), to: tBar, width, axis, stride)
  }
}

/// The same, with columns of `T_<` at hand; a function of its own, see `narrowPanel`.
@inline(never)
private func addTransposedAdjoint<Scalar: NetworkScalar>(
  _ dBar: UnsafePointer<Scalar>, _ columns: UnsafePointer<SIMD4<Scalar>>,
  to tBar: UnsafeMutablePointer<Scalar>, _ width: Int, _ axis: Int, _ stride: Int
) {
  let whole = width / 4 * 4
  for m in Swift.stride(from: 0, to: whole, by: 4) {
    let row = dBar + m * axis
    var (s0, s1, s2, s3): (SIMD4<Scalar>, SIMD4<Scalar>, SIMD4<Scalar>, SIMD4<Scalar>)
    (s0, s1, s2, s3) = (.zero, .zero, .zero, .zero)
    for a in 0..<axis {
      let column = columns[a]
      s0.addProduct(column, SIMD4(repeating: row[a]))
      s1.addProduct(column, SIMD4(repeating: row[a + axis]))
      s2.addProduct(column, SIMD4(repeating: row[a + 2 * axis]))
      s3.addProduct(column, SIMD4(repeating: row[a + 3 * axis]))
    }
    for c in 0..<4 {
      put(get(tBar + c * stride + m) + SIMD4(s0[c], s1[c], s2[c], s3[c]), tBar + c * stride + m)
    }
  }
  for m in whole..<width {
    var sum = SIMD4<Scalar>.zero
    for a in 0..<axis { sum.addProduct(columns[a], SIMD4(repeating: dBar[m * axis + a])) }
    for c in 0..<4 { tBar[c * stride + m] += sum[c] }
  }
}
