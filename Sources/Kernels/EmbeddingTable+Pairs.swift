/// Preparing the neighbors for the passes through the table.
extension EmbeddingTable {
  /// Computes the numbers that the passes need of neighbors with displacements `d`, and of `empty`
  /// slots, which count as one more neighbor.
  ///
  /// With `dDot`, it also computes the tangents of the rows and the slopes of the polynomials along
  /// them.
  @inline(__always)
  func collect(
    _ types: TypePair<Scalar>, _ d: UnsafePointer<SIMD3<Double>>,
    along dDot: UnsafePointer<SIMD3<Double>>?, count: Int, empty: Int,
    into pairs: TablePairs<Scalar>
  ) {
    pairs.reserve(count)
    for first in Swift.stride(from: 0, to: count, by: 8) {
      let rows = types.environment(Vectors8(d, from: first, count: count))
      let group = pairs[first], t = locate(types.inputs(rows), at: first, pairs)
      HermiteBasis(at: t).store(to: group.basis(0))
      types.putRows(rows, weight: types.unit, to: group)
      guard let dDot else { continue }
      let (radial, angular) = rows.tangent(Vectors8(dDot, from: first, count: count))
      types.putTangents(radial, angular, weight: types.unit, to: group)
      let sDot = SIMD8<Scalar>(radial * types.inverseDeviation.r0) * inverseSpacing
      HermiteBasis(slopesAt: t, times: sDot).store(to: group.slopes(0))
    }
    pairs.count = count
    if empty > 0 { append(types, empty: empty, to: pairs) }
  }

  /// Adds a neighbor that stands for `empty` slots: its row is that of one empty slot, times their
  /// number, and has no tangent.
  @inline(__always)
  private func append(_ types: TypePair<Scalar>, empty: Int, to pairs: TablePairs<Scalar>) {
    let row = SIMD4<Scalar>(types.emptyRow * (types.unit * Double(empty)))
    let pair = pairs[pairs.count], (node, t) = place(of: types.emptyInput)
    let basis = HermiteBasis(at: SIMD2(repeating: Scalar(t)))
    let offset = node * 3 * stride
    pairs.set(pairs.count, node: nodeBase + offset, offset: offset)
    for c in 0..<4 {
      pair.row(c).pointee = row[c]
      pair.rowDot(c).pointee = 0
    }
    pair.basis(0).pointee = basis.v0[0]
    pair.basis(1).pointee = basis.v1[0]
    pair.basis(2).pointee = basis.v2[0]
    pair.basis(3).pointee = basis.v3[0]
    pair.basis(4).pointee = basis.v4[0]
    pair.basis(5).pointee = basis.v5[0]
    for k in 0..<6 { pair.slopes(k).pointee = 0 }
    pairs.count += 1
  }

  /// Stores the nodes next to the inputs `s`; gives the positions between nodes, 0 to 1.
  @inline(__always)
  func locate(_ s: SIMD8<Double>, at first: Int, _ pairs: TablePairs<Scalar>) -> SIMD8<Scalar> {
    var t = SIMD8<Double>.zero
    for lane in 0..<8 {
      let (node, position) = place(of: s[lane])
      let offset = node * 3 * stride
      pairs.set(first + lane, node: nodeBase + offset, offset: offset)
      t[lane] = position
    }
    return SIMD8<Scalar>(t)
  }

  /// The node before input `s`, and the position between this node and the next, 0 to 1.
  @inline(__always)
  private func place(of s: Double) -> (node: Int, position: Double) {
    let x = (s - lower) * (1 / spacing), node = min(max(Int(x), 0), count - 2)
    return (node, x - Double(node))
  }
}
