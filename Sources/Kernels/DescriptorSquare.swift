/// The products that make the descriptor `D = Tᵀ T_<` `[width][axis]` of an atom's matrix `T` `[4][width]`, where
/// `T_<` is the first `axis` columns of `T` and rows of `T` are `stride` apart.  Source: docs/MATH.md,
/// "Descriptor se_e2_a".
///
/// Both products are linear in each factor, so that they serve all four passes: `DDot = TDotᵀ T_< + Tᵀ TDot_<`,
/// and `TBarDot` takes `DBarDot` with `T` plus `DBar` with `TDot`.

/// `D += Lᵀ R_<`.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
public func addSquare<Scalar: NetworkScalar>(
  _ l: UnsafePointer<Scalar>, _ r: UnsafePointer<Scalar>, to d: UnsafeMutablePointer<Scalar>,
  width: Int, axis: Int, stride: Int
) {
  let r1 = r + stride, r2 = r1 + stride, r3 = r2 + stride
  for m in 0..<width {
    let d = d + m * axis
    let (l0, l1, l2, l3) = (l[m], l[m + stride], l[m + 2 * stride], l[m + 3 * stride])
    for a in 0..<axis { d[a] += (l0 * r[a] + l1 * r1[a]) + (l2 * r2[a] + l3 * r3[a]) }
  }
}

/// `TBar += T_< DBarᵀ`, and `TBar_< += T DBar`: the adjoint of `D = Tᵀ T_<`.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
public func addSquareAdjoint<Scalar: NetworkScalar>(
  _ dBar: UnsafePointer<Scalar>, _ t: UnsafePointer<Scalar>, to tBar: UnsafeMutablePointer<Scalar>,
  width: Int, axis: Int, stride: Int
) {
  for m in 0..<width {
    let row = dBar + m * axis
    var sum = SIMD4<Scalar>.zero
    for a in 0..<axis {
      sum.addProduct(
        SIMD4(t[a], t[a + stride], t[a + 2 * stride], t[a + 3 * stride]),
        SIMD4(repeating: row[a]))
    }
    tBar[m] += sum.x
    tBar[m + stride] += sum.y
    tBar[m + 2 * stride] += sum.z
    tBar[m + 3 * stride] += sum.w
  }
  for c in 0..<4 {
    let t = t + c * stride, tBar = tBar + c * stride
    for m in 0..<width {
      let row = dBar + m * axis, factor = t[m]
      for a in 0..<axis { tBar[a] += factor * row[a] }
    }
  }
}
