/// The four passes of all neighbors of one type around one center.
///
/// `d` holds the displacements of `count` neighbors; in addition there are `empty` slots, which all
/// have the same row.  `T`, its adjoint and its tangents belong to the center, `[4][stride]`.  The
/// embedding `G(s)` of a neighbor is never stored: each pass computes it from two nodes, in
/// registers, and uses it at once.
/// Source: docs/MATH.md, "Descriptor se_e2_a" and "Embedding table".
extension EmbeddingTable {
  typealias Block = Scalar.BlockVector
  typealias Wide = Scalar.WideVector

  /// `T += Σ R ⊗ G / slots`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func forward(
    _ types: TypePair<Scalar>, _ d: UnsafePointer<SIMD3<Double>>, count: Int, empty: Int,
    _ pairs: TablePairs<Scalar>, to t: UnsafeMutablePointer<Scalar>
  ) {
    collect(types, d, along: nil, count: count, empty: empty, into: pairs)
    var m = 0
    while m + Block.scalarCount <= stride {
      forwardBlock(of: Block.self, m, pairs, to: t)
      m += Block.scalarCount
    }
    if m < stride { forwardBlock(of: Wide.self, m, pairs, to: t) }
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
    for first in Swift.stride(from: 0, to: count, by: 8) {
      let rows = types.environment(Vectors8(d, from: first, count: count))
      let group = pairs[0], t = locate(types.inputs(rows), at: 0, pairs)
      HermiteBasis(at: t).store(to: group.basis(0))
      HermiteBasis(slopesAt: t, times: SIMD8(repeating: inverseSpacing)).store(to: group.slopes(0))
      types.putRows(rows, weight: 1, to: group)
      var radial = SIMD8<Double>.zero, angular = Vectors8()
      let inGroup = min(8, count - first)
      for p in 0..<inGroup {
        let rowBar = SIMD4<Double>(rowAdjoint(p, pairs, tBar)) * factor
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
    var m = 0
    while m + Block.scalarCount <= stride {
      tangentBlock(of: Block.self, m, pairs, to: tDot)
      m += Block.scalarCount
    }
    if m < stride { tangentBlock(of: Wide.self, m, pairs, to: tDot) }
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
    var m = 0
    while m + Block.scalarCount <= stride {
      backwardTangentBlock(of: Block.self, m, pairs, tBar, tBarDot, to: adjoints)
      m += Block.scalarCount
    }
    if m < stride { backwardTangentBlock(of: Wide.self, m, pairs, tBar, tBarDot, to: adjoints) }
  }
}

/// The passes over `V` columns of the table for all collected neighbors; the numbers of the center
/// stay in registers.
extension EmbeddingTable {
  @inline(__always)
  private func forwardBlock<V: SIMD>(
    of vector: V.Type, _ m: Int, _ pairs: TablePairs<Scalar>, to t: UnsafeMutablePointer<Scalar>
  ) where V.Scalar == Scalar {
    let t1 = t + stride, t2 = t1 + stride, t3 = t2 + stride
    var (a0, a1, a2, a3): (V, V, V, V) = (get(t + m), get(t1 + m), get(t2 + m), get(t3 + m))
    let nodes = nodeBase + m
    for p in 0..<pairs.count {
      let pair = pairs[p]
      let g = combination(of: V.self, nodes + pairs.places[p], pair.basis(0))
      a0.addProduct(g, V(repeating: pair.row(0).pointee))
      a1.addProduct(g, V(repeating: pair.row(1).pointee))
      a2.addProduct(g, V(repeating: pair.row(2).pointee))
      a3.addProduct(g, V(repeating: pair.row(3).pointee))
    }
    put(a0, t + m)
    put(a1, t1 + m)
    put(a2, t2 + m)
    put(a3, t3 + m)
  }

  @inline(__always)
  private func tangentBlock<V: SIMD>(
    of vector: V.Type, _ m: Int, _ pairs: TablePairs<Scalar>, to t: UnsafeMutablePointer<Scalar>
  ) where V.Scalar == Scalar {
    let t1 = t + stride, t2 = t1 + stride, t3 = t2 + stride
    var (a0, a1, a2, a3): (V, V, V, V) = (get(t + m), get(t1 + m), get(t2 + m), get(t3 + m))
    let nodes = nodeBase + m
    for p in 0..<pairs.count {
      let node = nodes + pairs.places[p], pair = pairs[p]
      let g = combination(of: V.self, node, pair.basis(0))
      let gDot = combination(of: V.self, node, pair.slopes(0))
      a0.addProduct(g, V(repeating: pair.rowDot(0).pointee))
      a1.addProduct(g, V(repeating: pair.rowDot(1).pointee))
      a2.addProduct(g, V(repeating: pair.rowDot(2).pointee))
      a3.addProduct(g, V(repeating: pair.rowDot(3).pointee))
      a0.addProduct(gDot, V(repeating: pair.row(0).pointee))
      a1.addProduct(gDot, V(repeating: pair.row(1).pointee))
      a2.addProduct(gDot, V(repeating: pair.row(2).pointee))
      a3.addProduct(gDot, V(repeating: pair.row(3).pointee))
    }
    put(a0, t + m)
    put(a1, t1 + m)
    put(a2, t2 + m)
    put(a3, t3 + m)
  }

  @inline(__always)
  private func backwardTangentBlock<V: SIMD>(
    of vector: V.Type, _ m: Int, _ pairs: TablePairs<Scalar>, _ tBar: UnsafePointer<Scalar>,
    _ tBarDot: UnsafePointer<Scalar>, to adjoints: UnsafeMutablePointer<Scalar>
  ) where V.Scalar == Scalar {
    let t = tBar + m, u = tBarDot + m, nodes = adjoints + m
    let s = stride, s2 = 2 * s, s3 = 3 * s, s4 = 4 * s, s5 = 5 * s
    let (t0, t1, t2, t3): (V, V, V, V) = (get(t), get(t + s), get(t + 2 * s), get(t + 3 * s))
    let (u0, u1, u2, u3): (V, V, V, V) = (get(u), get(u + s), get(u + 2 * s), get(u + 3 * s))
    for p in 0..<pairs.count {
      let pair = pairs[p]
      let (x, y) = (V(repeating: pair.row(0).pointee), V(repeating: pair.row(1).pointee))
      let (z, w) = (V(repeating: pair.row(2).pointee), V(repeating: pair.row(3).pointee))
      var gBar = t0 * x, gBarDot = u0 * x
      gBar.addProduct(t1, y)
      gBarDot.addProduct(u1, y)
      gBar.addProduct(t2, z)
      gBarDot.addProduct(u2, z)
      gBar.addProduct(t3, w)
      gBarDot.addProduct(u3, w)
      gBarDot.addProduct(t0, V(repeating: pair.rowDot(0).pointee))
      gBarDot.addProduct(t1, V(repeating: pair.rowDot(1).pointee))
      gBarDot.addProduct(t2, V(repeating: pair.rowDot(2).pointee))
      gBarDot.addProduct(t3, V(repeating: pair.rowDot(3).pointee))
      let node = nodes + pairs.places[p], (v, slope) = (pair.basis(0), pair.slopes(0))
      add(gBarDot, v[0], gBar, slope[0], to: node)
      add(gBarDot, v[8], gBar, slope[8], to: node + s)
      add(gBarDot, v[16], gBar, slope[16], to: node + s2)
      add(gBarDot, v[24], gBar, slope[24], to: node + s3)
      add(gBarDot, v[32], gBar, slope[32], to: node + s4)
      add(gBarDot, v[40], gBar, slope[40], to: node + s5)
    }
  }

  /// Adds `x a + y b` to the vector at `to`.
  @inline(__always)
  private func add<V: SIMD>(
    _ x: V, _ a: Scalar, _ y: V, _ b: Scalar, to: UnsafeMutablePointer<Scalar>
  ) where V.Scalar == Scalar {
    var sum: V = get(to)
    sum.addProduct(x, V(repeating: a))
    sum.addProduct(y, V(repeating: b))
    put(sum, to)
  }

  /// `TBar_c · G` of neighbor `p`, the first with `Σ_c R_c TBar_c · G'` added.
  @inline(__always)
  private func rowAdjoint(
    _ p: Int, _ pairs: TablePairs<Scalar>, _ tBar: UnsafePointer<Scalar>
  ) -> SIMD4<Scalar> {
    let node = nodeBase + pairs.places[p], pair = pairs[p], s = stride
    let (x, y) = (Wide(repeating: pair.row(0).pointee), Wide(repeating: pair.row(1).pointee))
    let (z, w) = (Wide(repeating: pair.row(2).pointee), Wide(repeating: pair.row(3).pointee))
    var (a, b, c, d) = (Wide.zero, Wide.zero, Wide.zero, Wide.zero)
    for m in Swift.stride(from: 0, to: s, by: Wide.scalarCount) {
      let g = combination(of: Wide.self, node + m, pair.basis(0))
      let slope = combination(of: Wide.self, node + m, pair.slopes(0))
      let t = tBar + m
      let (t0, t1, t2, t3): (Wide, Wide, Wide, Wide) = (
        get(t), get(t + s), get(t + 2 * s), get(t + 3 * s)
      )
      var gBar = t0 * x
      gBar.addProduct(t1, y)
      gBar.addProduct(t2, z)
      gBar.addProduct(t3, w)
      a.addProduct(g, t0)
      b.addProduct(g, t1)
      c.addProduct(g, t2)
      d.addProduct(g, t3)
      a.addProduct(gBar, slope)
    }
    return SIMD4(a.sum(), b.sum(), c.sum(), d.sum())
  }

  /// The sum of the six node rows at `node`, weighted by six numbers that stand eight apart.
  @inline(__always)
  private func combination<V: SIMD>(
    of vector: V.Type, _ node: UnsafePointer<Scalar>, _ weights: UnsafePointer<Scalar>
  ) -> V where V.Scalar == Scalar {
    var sum: V = get(node) * V(repeating: weights[0])
    sum.addProduct(get(node + stride), V(repeating: weights[8]))
    sum.addProduct(get(node + 2 * stride), V(repeating: weights[16]))
    sum.addProduct(get(node + 3 * stride), V(repeating: weights[24]))
    sum.addProduct(get(node + 4 * stride), V(repeating: weights[32]))
    sum.addProduct(get(node + 5 * stride), V(repeating: weights[40]))
    return sum
  }
}
