/// The four passes of all neighbors of one type around one center.
///
/// `d` holds the displacements of `count` neighbors; in addition there are `empty` slots, which all
/// have the same row.  `T`, its adjoint and its tangents belong to the center, `[4][stride]`.  The
/// embedding `G(s)` of a neighbor is never stored: each pass computes it from two nodes, in
/// registers, and uses it at once.
/// Source: docs/MATH.md, "Descriptor se_e2_a" and "Embedding table".
extension EmbeddingTable {
  /// `T += Σ R ⊗ G / slots`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func forward(
    _ types: TypePair<Scalar>, _ d: UnsafePointer<SIMD3<Double>>, count: Int, empty: Int,
    _ pairs: TablePairs<Scalar>, to t: UnsafeMutablePointer<Scalar>
  ) {
    collect(types, d, along: nil, count: count, empty: empty, into: pairs)
    CollectedPairs(pairs, stride: stride).forward(to: t)
  }

  /// `dE/dd` of all neighbors from `TBar`: `RBar_c = TBar_c · G + δ_c0 Σ_c R_c TBar_c · G'`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func backward(
    _ types: TypePair<Scalar>, _ d: UnsafePointer<SIMD3<Double>>, count: Int,
    _ pairs: TablePairs<Scalar>, _ tBar: UnsafePointer<Scalar>,
    into dBar: UnsafeMutablePointer<SIMD3<Double>>
  ) {
    pairs.reserve(8)
    let factor = types.unit * types.inverseDeviation
    let collected = CollectedPairs(pairs, stride: stride)
    for first in Swift.stride(from: 0, to: count, by: 8) {
      let rows = types.environment(Vectors8(d, from: first, count: count))
      let group = pairs[0], t = locate(types.inputs(rows), at: 0, pairs)
      HermiteBasis(at: t).store(to: group.basis(0))
      HermiteBasis(slopesAt: t, times: SIMD8(repeating: inverseSpacing)).store(to: group.slopes(0))
      types.putRows(rows, weight: 1, to: group)
      var radial = SIMD8<Double>.zero, angular = Vectors8()
      let inGroup = min(8, count - first)
      for p in 0..<inGroup {
        let rowBar = SIMD4<Double>(collected.rowAdjoint(p, tBar)) * factor
        radial[p] = rowBar.r0
        angular.x[p] = rowBar.r1
        angular.y[p] = rowBar.r2
        angular.z[p] = rowBar.r3
      }
      let bar = rows.backward(radial, angular)
      for p in 0..<inGroup { dBar[first + p] = SIMD3(bar.x[p], bar.y[p], bar.z[p]) }
    }
  }

  /// `TDot += Σ (RDot ⊗ G + R ⊗ GDot) / slots` along the neighbors' `dDot`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func tangent(
    _ types: TypePair<Scalar>, _ d: UnsafePointer<SIMD3<Double>>,
    along dDot: UnsafePointer<SIMD3<Double>>, count: Int, _ pairs: TablePairs<Scalar>,
    to tDot: UnsafeMutablePointer<Scalar>
  ) {
    collect(types, d, along: dDot, count: count, empty: 0, into: pairs)
    CollectedPairs(pairs, stride: stride).tangent(to: tDot)
  }

  /// Adds to the `adjoints` of the nodes, `[nodes][3][stride]`, the contributions that follow from
  /// `TBar` and `TBarDot`.
  ///
  /// With the polynomials `v`, `GBar = Σ_c R_c TBar_c` and
  /// `GBarDot = Σ_c (R_c TBarDot_c + RDot_c TBar_c)`, each neighbor adds `v GBarDot + v' sDot GBar`
  /// to its two nodes.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func backwardTangent(
    _ types: TypePair<Scalar>, _ d: UnsafePointer<SIMD3<Double>>,
    along dDot: UnsafePointer<SIMD3<Double>>, count: Int, empty: Int, _ pairs: TablePairs<Scalar>,
    _ tBar: UnsafePointer<Scalar>, _ tBarDot: UnsafePointer<Scalar>,
    to adjoints: UnsafeMutablePointer<Scalar>
  ) {
    collect(types, d, along: dDot, count: count, empty: empty, into: pairs)
    CollectedPairs(pairs, stride: stride).backwardTangent(tBar, tBarDot, to: adjoints)
  }
}
