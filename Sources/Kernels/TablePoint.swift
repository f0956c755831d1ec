/// The four passes of one neighbor through an embedding table, given its place between two nodes.
///
/// A neighbor's embedding `G(s)` `[width]` is never stored: each pass computes it from two nodes, in registers, and
/// uses it at once.  `T` is the center's `[4][width]`, `R` the neighbor's row, `weight` how often it counts; widths
/// are whole vectors.  Source: docs/MATH.md, "Descriptor se_e2_a" and "Embedding table".
struct TablePoint<Scalar: NetworkScalar> {
  typealias V = Scalar.WideVector
  /// The two nodes, `[2][3][vectors]`.
  let nodes: UnsafePointer<V>
  /// Number of the first of them.
  let index: Int
  /// Position between the nodes, 0 to 1, and 1/spacing.
  let t: Scalar, inverseSpacing: Scalar
  /// Vectors in a row.
  let vectors: Int

  /// The sum of six node rows, weighted by the basis, at vector `m`.
  @inline(__always)
  private func sum(_ b: HermiteBasis<Scalar>, _ m: Int) -> V {
    var g = nodes[m] * b.v0
    g.addProduct(nodes[m + vectors], V(repeating: b.v1))
    g.addProduct(nodes[m + 2 * vectors], V(repeating: b.v2))
    g.addProduct(nodes[m + 3 * vectors], V(repeating: b.v3))
    g.addProduct(nodes[m + 4 * vectors], V(repeating: b.v4))
    g.addProduct(nodes[m + 5 * vectors], V(repeating: b.v5))
    return g
  }

  /// `T += R ⊗ G`, with `R` weighted already.
  @inline(__always)
  func forward(_ r: SIMD4<Scalar>, to t: UnsafeMutablePointer<V>) {
    let basis = HermiteBasis(at: self.t), n = vectors
    let (x, y, z, w) = (V(repeating: r.x), V(repeating: r.y), V(repeating: r.z), V(repeating: r.w))
    for m in 0..<n {
      let g = sum(basis, m)
      t[m].addProduct(g, x)
      t[m + n].addProduct(g, y)
      t[m + 2 * n].addProduct(g, z)
      t[m + 3 * n].addProduct(g, w)
    }
  }

  /// `RBar_c = TBar_c · G + δ_c0 Σ_c R_c TBar_c · G'`.
  @inline(__always)
  func backward(_ r: SIMD4<Scalar>, _ tBar: UnsafePointer<V>) -> SIMD4<Scalar> {
    let basis = HermiteBasis(at: t), slopes = HermiteBasis(slopesAt: t, times: inverseSpacing)
    let n = vectors
    let (x, y, z, w) = (V(repeating: r.x), V(repeating: r.y), V(repeating: r.z), V(repeating: r.w))
    var a = V.zero, b = V.zero, c = V.zero, d = V.zero
    for m in 0..<n {
      let g = sum(basis, m), g1 = sum(slopes, m)
      let (t0, t1, t2, t3) = (tBar[m], tBar[m + n], tBar[m + 2 * n], tBar[m + 3 * n])
      var gBar = t0 * x
      gBar.addProduct(t1, y)
      gBar.addProduct(t2, z)
      gBar.addProduct(t3, w)
      a.addProduct(g, t0)
      a.addProduct(gBar, g1)
      b.addProduct(g, t1)
      c.addProduct(g, t2)
      d.addProduct(g, t3)
    }
    return SIMD4(a.sum(), b.sum(), c.sum(), d.sum())
  }

  /// `TDot += RDot ⊗ G + R ⊗ G' sDot`, both weighted already; `sDot` is not.
  @inline(__always)
  func tangent(
    _ r: SIMD4<Scalar>, _ rDot: SIMD4<Scalar>, sDot: Scalar, to tDot: UnsafeMutablePointer<V>
  ) {
    let basis = HermiteBasis(at: t)
    let slopes = HermiteBasis(slopesAt: t, times: inverseSpacing * sDot)
    let n = vectors
    for m in 0..<n {
      let g = sum(basis, m), gDot = sum(slopes, m)
      tDot[m] += g * rDot.x + gDot * r.x
      tDot[m + n] += g * rDot.y + gDot * r.y
      tDot[m + 2 * n] += g * rDot.z + gDot * r.z
      tDot[m + 3 * n] += g * rDot.w + gDot * r.w
    }
  }

  /// Adds `v GBarDot + v' sDot GBar` to the two nodes' part of the table's `adjoints`, with the polynomials `v`,
  /// `GBar = Σ_c R_c TBar_c` and `GBarDot = Σ_c (R_c TBarDot_c + RDot_c TBar_c)`.
  @inline(__always)
  func backwardTangent(
    _ r: SIMD4<Scalar>, _ rDot: SIMD4<Scalar>, sDot: Scalar, _ tBar: UnsafePointer<V>,
    _ tBarDot: UnsafePointer<V>, to adjoints: UnsafeMutablePointer<V>
  ) {
    let nodesBar = adjoints + index * 3 * vectors
    let b = HermiteBasis(at: t)
    let d = HermiteBasis(slopesAt: t, times: inverseSpacing * sDot)
    let n = vectors
    for m in 0..<n {
      let (t0, t1, t2, t3) = (tBar[m], tBar[m + n], tBar[m + 2 * n], tBar[m + 3 * n])
      var gBar = t0 * r.x
      gBar.addProduct(t1, V(repeating: r.y))
      gBar.addProduct(t2, V(repeating: r.z))
      gBar.addProduct(t3, V(repeating: r.w))
      var gBarDot = tBarDot[m] * r.x
      gBarDot.addProduct(tBarDot[m + n], V(repeating: r.y))
      gBarDot.addProduct(tBarDot[m + 2 * n], V(repeating: r.z))
      gBarDot.addProduct(tBarDot[m + 3 * n], V(repeating: r.w))
      gBarDot.addProduct(t0, V(repeating: rDot.x))
      gBarDot.addProduct(t1, V(repeating: rDot.y))
      gBarDot.addProduct(t2, V(repeating: rDot.z))
      gBarDot.addProduct(t3, V(repeating: rDot.w))
      nodesBar[m] += gBarDot * b.v0 + gBar * d.v0
      nodesBar[m + n] += gBarDot * b.v1 + gBar * d.v1
      nodesBar[m + 2 * n] += gBarDot * b.v2 + gBar * d.v2
      nodesBar[m + 3 * n] += gBarDot * b.v3 + gBar * d.v3
      nodesBar[m + 4 * n] += gBarDot * b.v4 + gBar * d.v4
      nodesBar[m + 5 * n] += gBarDot * b.v5 + gBar * d.v5
    }
  }
}
