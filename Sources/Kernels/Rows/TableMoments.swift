/// The four passes of `T = Σ R ⊗ G / slots` over the neighbors of one center, whose embeddings come
/// from tables, each from its own.
///
/// R and G are computed from displacements and used at once, as `EmbeddingTable` does for neighbors
/// of one type.  The plain twin is a row of `PairRows`, `TableRows` and an outer product.
/// Source: docs/MATH.md, "Embedding table".
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
    let edges: UnsafePointer<Int32>, tableNumbers: UnsafePointer<Int32>, count: Int
    let types: TypePair<Scalar>

    /// Takes lists of `count` neighbors.
    public init(
      edges: UnsafePointer<Int32>, tableNumbers: UnsafePointer<Int32>, count: Int,
      _ types: TypePair<Scalar>
    ) {
      (self.edges, self.tableNumbers, self.count, self.types) = (edges, tableNumbers, count, types)
    }
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

  /// `dBar += dE/dd` of all neighbors, from `TBar`.
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
      let rows = types.environment(
        Vectors8(d, at: neighbors.edges, from: first, count: neighbors.count))
      let group = pairs[0]
      let (t, inverse) = locate(types.inputs(rows), neighbors, from: first, at: 0)
      HermiteBasis(at: t).store(to: group.basis(0))
      HermiteBasis(slopesAt: t, times: inverse).store(to: group.slopes(0))
      types.putRows(rows, weight: 1, to: group)
      var radial = SIMD8<Double>.zero, angular = Vectors8()
      let inGroup = min(8, neighbors.count - first)
      for p in 0..<inGroup {
        let rowBar = SIMD4<Double>(collected.rowAdjoint(p, tBar)) * factor
        radial[p] = rowBar.r0
        angular.x[p] = rowBar.r1
        angular.y[p] = rowBar.r2
        angular.z[p] = rowBar.r3
      }
      let bar = rows.backward(radial, angular)
      for p in 0..<inGroup {
        dBar[Int(neighbors.edges[first + p])] += SIMD3(bar.x[p], bar.y[p], bar.z[p])
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

  /// Adds to the nodes' `adjoints` what follows from `TBar` and `TBarDot`.
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

  /// Computes the numbers that the passes need of all neighbors, tangents included if there is
  /// `dDot`.
  @inline(__always)
  private func collect(_ neighbors: Neighbors, along dDot: UnsafePointer<SIMD3<Double>>?) {
    let types = neighbors.types, count = neighbors.count
    pairs.reserve(count)
    for first in Swift.stride(from: 0, to: count, by: 8) {
      let rows = types.environment(Vectors8(d, at: neighbors.edges, from: first, count: count))
      let group = pairs[first]
      let (t, inverse) = locate(types.inputs(rows), neighbors, from: first, at: first)
      HermiteBasis(at: t).store(to: group.basis(0))
      types.putRows(rows, weight: types.unit, to: group)
      guard let dDot else { continue }
      let (radial, angular) = rows.tangent(
        Vectors8(dDot, at: neighbors.edges, from: first, count: count))
      types.putTangents(radial, angular, weight: types.unit, to: group)
      let sDot = SIMD8<Scalar>(radial * types.inverseDeviation.r0) * inverse
      HermiteBasis(slopesAt: t, times: sDot).store(to: group.slopes(0))
    }
    pairs.count = count
  }

  /// Stores the nodes next to the inputs `s` of eight neighbors from `first` on as those from
  /// `place` on; gives the positions between nodes, 0 to 1, and one over their distances.
  @inline(__always)
  private func locate(
    _ s: SIMD8<Double>, _ neighbors: Neighbors, from first: Int, at place: Int
  ) -> (SIMD8<Scalar>, SIMD8<Scalar>) {
    var t = SIMD8<Double>.zero, inverse = SIMD8<Double>.zero
    for lane in 0..<8 {
      let table = tables[Int(neighbors.tableNumbers[min(first + lane, neighbors.count - 1)])]
      let x = (s[lane] - table.lower) * table.inverseSpacing
      let node = min(max(Int(x), 0), table.last), offset = node * 3 * stride
      pairs.set(place + lane, node: table.base + offset, offset: table.adjoints + offset)
      t[lane] = x - Double(node)
      inverse[lane] = table.inverseSpacing
    }
    return (SIMD8<Scalar>(t), SIMD8<Scalar>(inverse))
  }
}
