/// The four passes of `T = Σ R ⊗ G / slots` over the neighbors of one center, whose embeddings come
/// from tables, from one or each from its own.
///
/// `T`, its adjoint and its tangents belong to the center, `[4][rowWidth]`.  The embedding `G(s)`
/// of a neighbor is never stored: each pass computes it from two nodes, in registers, and uses it
/// at once.  The plain twin is a row of `PairRows`, `TableRows` and an outer product.
/// Source: docs/MATH.md, "Descriptor se_e2_a" and "Embedding table".
public struct TableMoments<Scalar: NetworkScalar> {
  private let tables: UnsafePointer<TableNodes<Scalar>>, stride: Int
  private let d: UnsafePointer<SIMD3<Double>>
  private let pairs: TablePairs<Scalar>

  /// Takes tables whose outputs are `width` numbers wide, displacements `d` in Å, and a thread's
  /// memory.
  public init(
    _ tables: UnsafePointer<TableNodes<Scalar>>, width: Int, _ d: UnsafePointer<SIMD3<Double>>,
    _ pairs: TablePairs<Scalar>
  ) {
    (self.tables, self.d, self.pairs) = (tables, d, pairs)
    stride = paddedWidth(width, of: Scalar.self)
  }

  /// The neighbors of a center: the displacement of each, its table, their number, and what a
  /// center of its type sees.
  public struct Neighbors {
    let edges: UnsafePointer<Int32>?, tableNumbers: UnsafePointer<Int32>?
    let count: Int, empty: Int
    let types: TypePair<Scalar>

    /// Takes `count` neighbors, and `empty` slots, which all have the same row.
    ///
    /// Without `edges` their displacements are the first ones; without `tableNumbers` all of them
    /// read the first table.  The table of empty slots is named behind those of neighbors.
    public init(
      edges: UnsafePointer<Int32>? = nil, tableNumbers: UnsafePointer<Int32>? = nil, count: Int,
      empty: Int = 0, _ types: TypePair<Scalar>
    ) {
      (self.edges, self.tableNumbers) = (edges, tableNumbers)
      (self.count, self.empty, self.types) = (count, empty, types)
    }

    /// Eight displacements, or directions, from neighbor `first` on.
    @inline(__always)
    func vectors(_ vectors: UnsafePointer<SIMD3<Double>>, from first: Int) -> Vectors8 {
      if let edges { return Vectors8(vectors, at: edges, from: first, count: count) }
      return Vectors8(vectors, from: first, count: count)
    }

    /// The number of the table of neighbor `p`.
    @inline(__always)
    func tableNumber(_ p: Int) -> Int { tableNumbers.map { Int($0[p]) } ?? 0 }
  }

  /// The count of numbers in a row of T, `[4][rowWidth]`.
  public var rowWidth: Int { stride }

  /// `T += Σ R ⊗ G / slots`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func forward(_ neighbors: Neighbors, to t: UnsafeMutablePointer<Scalar>) {
    collect(neighbors, along: nil)
    CollectedPairs(pairs, stride: stride).forward(to: t)
  }

  /// `dE/dd` of all neighbors from `TBar`: `RBar_c = TBar_c · G`, and `Σ_c R_c TBar_c · G'` for the
  /// table's input, which is the radial part of the row or how near the pair is.
  ///
  /// It is added at the neighbors' edges; without edges it is set.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func backward(
    _ neighbors: Neighbors, _ tBar: UnsafePointer<Scalar>,
    to dBar: UnsafeMutablePointer<SIMD3<Double>>
  ) {
    pairs.reserve(8)
    let types = neighbors.types, factor = types.unit * types.inverseDeviation
    let collected = CollectedPairs(pairs, stride: stride)
    for first in Swift.stride(from: 0, to: neighbors.count, by: 8) {
      let rows = types.environment(neighbors.vectors(d, from: first))
      let group = pairs[0]
      let (t, inverse) = locate(types.inputs(rows), neighbors, from: first, at: 0)
      HermiteBasis(at: t).store(to: group.basis(0))
      HermiteBasis(slopesAt: t, times: inverse).store(to: group.slopes(0))
      types.putRows(rows, weight: 1, to: group)
      var radial = SIMD8<Double>.zero, angular = Vectors8(), input = SIMD8<Double>.zero
      let inGroup = min(8, neighbors.count - first)
      for p in 0..<inGroup {
        let rowBar: SIMD4<Double>
        if types.nearness == nil {
          rowBar = SIMD4<Double>(collected.rowAdjoint(p, tBar)) * factor
        } else {
          let (row, inputBar) = collected.rowAndInputAdjoints(p, tBar)
          rowBar = SIMD4<Double>(row) * factor
          input[p] = Double(inputBar) * types.unit
        }
        radial[p] = rowBar.r0
        angular.x[p] = rowBar.r1
        angular.y[p] = rowBar.r2
        angular.z[p] = rowBar.r3
      }
      let bar =
        if let nearness = types.nearness {
          rows.backward(radial, angular, distance: input * nearness.slopes(rows.inverse))
        } else {
          rows.backward(radial, angular)
        }
      for p in 0..<inGroup {
        let vector = SIMD3(bar.x[p], bar.y[p], bar.z[p])
        if let edges = neighbors.edges {
          dBar[Int(edges[first + p])] += vector
        } else {
          dBar[first + p] = vector
        }
      }
    }
  }

  /// `TDot += Σ (RDot ⊗ G + R ⊗ GDot) / slots` along `dDot`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func tangent(
    _ neighbors: Neighbors, along dDot: UnsafePointer<SIMD3<Double>>,
    to tDot: UnsafeMutablePointer<Scalar>
  ) {
    collect(neighbors, along: dDot)
    CollectedPairs(pairs, stride: stride).tangent(to: tDot)
  }

  /// Adds to the `adjoints` of the nodes, `[nodes][3][rowWidth]` of each table, the contributions
  /// that follow from `TBar` and `TBarDot`.
  ///
  /// With the polynomials `v`, `GBar = Σ_c R_c TBar_c` and
  /// `GBarDot = Σ_c (R_c TBarDot_c + RDot_c TBar_c)`, each neighbor adds `v GBarDot + v' sDot GBar`
  /// to its two nodes.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func backwardTangent(
    _ neighbors: Neighbors, along dDot: UnsafePointer<SIMD3<Double>>,
    _ tBar: UnsafePointer<Scalar>, _ tBarDot: UnsafePointer<Scalar>,
    to adjoints: UnsafeMutablePointer<Scalar>
  ) {
    collect(neighbors, along: dDot)
    CollectedPairs(pairs, stride: stride).backwardTangent(tBar, tBarDot, to: adjoints)
  }

  /// Computes the numbers that the passes need of all neighbors, and of the empty slots, which
  /// count as one more; with `dDot` also the tangents of the rows and the slopes of the polynomials
  /// along them.
  @inline(__always)
  private func collect(_ neighbors: Neighbors, along dDot: UnsafePointer<SIMD3<Double>>?) {
    let types = neighbors.types, count = neighbors.count
    pairs.reserve(count)
    for first in Swift.stride(from: 0, to: count, by: 8) {
      let rows = types.environment(neighbors.vectors(d, from: first))
      let group = pairs[first]
      let (t, inverse) = locate(types.inputs(rows), neighbors, from: first, at: first)
      HermiteBasis(at: t).store(to: group.basis(0))
      types.putRows(rows, weight: types.unit, to: group)
      guard let dDot else { continue }
      let vectors = neighbors.vectors(dDot, from: first), (radial, angular) = rows.tangent(vectors)
      types.putTangents(radial, angular, weight: types.unit, to: group)
      let sDot = SIMD8<Scalar>(types.inputTangents(rows, along: vectors, radial)) * inverse
      HermiteBasis(slopesAt: t, times: sDot).store(to: group.slopes(0))
    }
    pairs.count = count
    if neighbors.empty > 0 {
      append(types, empty: neighbors.empty, tables[neighbors.tableNumber(count)])
    }
  }

  /// Adds a neighbor that stands for `empty` slots: its row is that of one empty slot, times their
  /// number, and has no tangent.
  @inline(__always)
  private func append(_ types: TypePair<Scalar>, empty: Int, _ table: TableNodes<Scalar>) {
    let row = SIMD4<Scalar>(types.emptyRow * (types.unit * Double(empty)))
    let pair = pairs[pairs.count]
    let (node, t, _) = table.place(of: types.emptyInput), offset = node * 3 * stride
    let basis = HermiteBasis(at: SIMD2(repeating: Scalar(t)))
    pairs.set(pairs.count, node: table.base + offset, offset: table.adjoints + offset)
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

  /// Stores the nodes next to the inputs `s` of eight neighbors from `first` on as those from
  /// `place` on; gives the positions between nodes, 0 to 1, and one over their distances.
  @inline(__always)
  private func locate(
    _ s: SIMD8<Double>, _ neighbors: Neighbors, from first: Int, at place: Int
  ) -> (SIMD8<Scalar>, SIMD8<Scalar>) {
    var t = SIMD8<Double>.zero, inverse = SIMD8<Double>.zero
    for lane in 0..<8 {
      let table = tables[neighbors.tableNumber(min(first + lane, neighbors.count - 1))]
      let (node, position, scale) = table.place(of: s[lane]), offset = node * 3 * stride
      pairs.set(place + lane, node: table.base + offset, offset: table.adjoints + offset)
      t[lane] = position
      inverse[lane] = scale
    }
    return (SIMD8<Scalar>(t), SIMD8<Scalar>(inverse))
  }
}
