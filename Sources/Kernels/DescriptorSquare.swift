/// The products that make the descriptor `D = Tᵀ T_<` `[width][axis]` of an atom's matrix `T` `[4][width]`, where
/// `T_<` is the first `axis` columns of `T`.  Source: docs/MATH.md, "Descriptor se_e2_a".
///
/// Both products are linear in each factor, so that they serve all four passes: `DDot = TDotᵀ T_< + Tᵀ TDot_<`,
/// and `TBarDot` takes `DBarDot` with `T` plus `DBar` with `TDot`.

/// `D += Lᵀ R_<`.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
public func addSquare<Scalar: NetworkScalar>(
  _ l: UnsafePointer<Scalar>, _ r: UnsafePointer<Scalar>, to d: UnsafeMutablePointer<Scalar>,
  width: Int, axis: Int
) {
  let r1 = r + width, r2 = r1 + width, r3 = r2 + width
  for m in 0..<width {
    let d = d + m * axis
    let (l0, l1, l2, l3) = (l[m], l[m + width], l[m + 2 * width], l[m + 3 * width])
    for a in 0..<axis { d[a] += (l0 * r[a] + l1 * r1[a]) + (l2 * r2[a] + l3 * r3[a]) }
  }
}

/// `TBar += T_< DBarᵀ`, and `TBar_< += T DBar`: the adjoint of `D = Tᵀ T_<`.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
public func addSquareAdjoint<Scalar: NetworkScalar>(
  _ dBar: UnsafePointer<Scalar>, _ t: UnsafePointer<Scalar>, to tBar: UnsafeMutablePointer<Scalar>,
  width: Int, axis: Int
) {
  for c in 0..<4 {
    let t = t + c * width, tBar = tBar + c * width
    for m in 0..<width {
      let dBar = dBar + m * axis
      tBar[m] += innerProduct(dBar, t, count: axis)
    }
    for m in 0..<width {
      let dBar = dBar + m * axis, factor = t[m]
      for a in 0..<axis { tBar[a] += factor * dBar[a] }
    }
  }
}
