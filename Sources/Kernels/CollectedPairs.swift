/// The passes over the collected neighbors of a center, block by block of columns; the numbers of
/// the center stay in registers.
struct CollectedPairs<Scalar: NetworkScalar> {
  typealias Block = Scalar.BlockVector
  typealias Wide = Scalar.WideVector

  let pairs: TablePairs<Scalar>
  /// The count of numbers in a row of T, of its adjoints and of nodes.
  let stride: Int

  @inline(__always)
  init(_ pairs: TablePairs<Scalar>, stride: Int) { (self.pairs, self.stride) = (pairs, stride) }

  /// `T += Σ R ⊗ G`.
  @inline(__always)
  func forward(to t: UnsafeMutablePointer<Scalar>) {
    var m = 0
    while m + Block.scalarCount <= stride {
      forwardBlock(of: Block.self, m, to: t)
      m += Block.scalarCount
    }
    while m < stride {
      forwardBlock(of: Wide.self, m, to: t)
      m += Wide.scalarCount
    }
  }

  /// `TDot += Σ (RDot ⊗ G + R ⊗ GDot)`.
  @inline(__always)
  func tangent(to tDot: UnsafeMutablePointer<Scalar>) {
    var m = 0
    while m + Block.scalarCount <= stride {
      tangentBlock(of: Block.self, m, to: tDot)
      m += Block.scalarCount
    }
    while m < stride {
      tangentBlock(of: Wide.self, m, to: tDot)
      m += Wide.scalarCount
    }
  }

  /// Adds to the nodes' adjoints.
  @inline(__always)
  func backwardTangent(
    _ tBar: UnsafePointer<Scalar>, _ tBarDot: UnsafePointer<Scalar>,
    to adjoints: UnsafeMutablePointer<Scalar>
  ) {
    var m = 0
    while m + Block.scalarCount <= stride {
      backwardTangentBlock(of: Block.self, m, tBar, tBarDot, to: adjoints)
      m += Block.scalarCount
    }
    while m < stride {
      backwardTangentBlock(of: Wide.self, m, tBar, tBarDot, to: adjoints)
      m += Wide.scalarCount
    }
  }

  @inline(__always)
  private func forwardBlock<V: FusedVector>(
    of vector: V.Type, _ m: Int, to t: UnsafeMutablePointer<Scalar>
  ) where V.Scalar == Scalar {
    let t1 = t + stride, t2 = t1 + stride, t3 = t2 + stride
    var (a0, a1, a2, a3): (V, V, V, V) = (get(t + m), get(t1 + m), get(t2 + m), get(t3 + m))
    for p in 0..<pairs.count {
      let pair = pairs[p]
      let g = combination(of: V.self, pairs.node(p) + m, pair.basis(0))
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
  private func tangentBlock<V: FusedVector>(
    of vector: V.Type, _ m: Int, to t: UnsafeMutablePointer<Scalar>
  ) where V.Scalar == Scalar {
    let t1 = t + stride, t2 = t1 + stride, t3 = t2 + stride
    var (a0, a1, a2, a3): (V, V, V, V) = (get(t + m), get(t1 + m), get(t2 + m), get(t3 + m))
    for p in 0..<pairs.count {
      let node = pairs.node(p) + m, pair = pairs[p]
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
  private func backwardTangentBlock<V: FusedVector>(
    of vector: V.Type, _ m: Int, _ tBar: UnsafePointer<Scalar>, _ tBarDot: UnsafePointer<Scalar>,
    to adjoints: UnsafeMutablePointer<Scalar>
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
      let node = nodes + pairs.offsets[p], (v, slope) = (pair.basis(0), pair.slopes(0))
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
  private func add<V: FusedVector>(
    _ x: V, _ a: Scalar, _ y: V, _ b: Scalar, to: UnsafeMutablePointer<Scalar>
  ) where V.Scalar == Scalar {
    var sum: V = get(to)
    sum.addProduct(x, V(repeating: a))
    sum.addProduct(y, V(repeating: b))
    put(sum, to)
  }

  /// `TBar_c · G` of neighbor `p`, the first with `Σ_c R_c TBar_c · G'` added.
  @inline(__always)
  func rowAdjoint(_ p: Int, _ tBar: UnsafePointer<Scalar>) -> SIMD4<Scalar> {
    var (a, b, c, d) = (Wide.zero, Wide.zero, Wide.zero, Wide.zero)
    forEachWide(p, tBar) { g, slope, gBar, t0, t1, t2, t3 in
      a.addProduct(g, t0)
      b.addProduct(g, t1)
      c.addProduct(g, t2)
      d.addProduct(g, t3)
      a.addProduct(gBar, slope)
    }
    return SIMD4(a.sum(), b.sum(), c.sum(), d.sum())
  }

  /// `TBar_c · G` of neighbor `p`, and `Σ_c R_c TBar_c · G'`.
  @inline(__always)
  func rowAndInputAdjoints(
    _ p: Int, _ tBar: UnsafePointer<Scalar>
  ) -> (row: SIMD4<Scalar>, input: Scalar) {
    var (a, b, c, d, e) = (Wide.zero, Wide.zero, Wide.zero, Wide.zero, Wide.zero)
    forEachWide(p, tBar) { g, slope, gBar, t0, t1, t2, t3 in
      a.addProduct(g, t0)
      b.addProduct(g, t1)
      c.addProduct(g, t2)
      d.addProduct(g, t3)
      e.addProduct(gBar, slope)
    }
    return (SIMD4(a.sum(), b.sum(), c.sum(), d.sum()), e.sum())
  }

  /// Calls `body` with some columns of `G`, `G'`, `Σ_c R_c TBar_c` and `TBar_c` of neighbor `p` at
  /// a time.
  @inline(__always)
  private func forEachWide(
    _ p: Int, _ tBar: UnsafePointer<Scalar>,
    _ body: (
      _ g: Wide, _ slope: Wide, _ gBar: Wide, _ t0: Wide, _ t1: Wide, _ t2: Wide, _ t3: Wide
    ) -> Void
  ) {
    let node = pairs.node(p), pair = pairs[p], s = stride
    let (x, y) = (Wide(repeating: pair.row(0).pointee), Wide(repeating: pair.row(1).pointee))
    let (z, w) = (Wide(repeating: pair.row(2).pointee), Wide(repeating: pair.row(3).pointee))
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
      body(g, slope, gBar, t0, t1, t2, t3)
    }
  }

  /// The sum of the six node rows at `node`, weighted by six numbers that stand eight apart.
  @inline(__always)
  private func combination<V: FusedVector>(
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
