/// The four passes of all neighbors of one type around one center: `TableMoments` of this table
/// alone.
///
/// `d` holds the displacements of `count` neighbors; in addition there are `empty` slots, which all
/// have the same row.
extension EmbeddingTable {
  /// `T += Σ R ⊗ G / slots`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func forward(
    _ types: TypePair<Scalar>, _ d: UnsafePointer<SIMD3<Double>>, count: Int, empty: Int,
    _ pairs: TablePairs<Scalar>, to t: UnsafeMutablePointer<Scalar>
  ) {
    withMoments(d, pairs) { $0.forward(.init(count: count, empty: empty, types), to: t) }
  }

  /// `dE/dd` of all neighbors from `TBar`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func backward(
    _ types: TypePair<Scalar>, _ d: UnsafePointer<SIMD3<Double>>, count: Int,
    _ pairs: TablePairs<Scalar>, _ tBar: UnsafePointer<Scalar>,
    into dBar: UnsafeMutablePointer<SIMD3<Double>>
  ) {
    withMoments(d, pairs) { $0.backward(.init(count: count, types), tBar, to: dBar) }
  }

  /// `TDot += Σ (RDot ⊗ G + R ⊗ GDot) / slots` along the neighbors' `dDot`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func tangent(
    _ types: TypePair<Scalar>, _ d: UnsafePointer<SIMD3<Double>>,
    along dDot: UnsafePointer<SIMD3<Double>>, count: Int, _ pairs: TablePairs<Scalar>,
    to tDot: UnsafeMutablePointer<Scalar>
  ) {
    withMoments(d, pairs) { $0.tangent(.init(count: count, types), along: dDot, to: tDot) }
  }

  /// Adds to the `adjoints` of the nodes, `[nodes][3][stride]`, the contributions that follow from
  /// `TBar` and `TBarDot`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func backwardTangent(
    _ types: TypePair<Scalar>, _ d: UnsafePointer<SIMD3<Double>>,
    along dDot: UnsafePointer<SIMD3<Double>>, count: Int, empty: Int, _ pairs: TablePairs<Scalar>,
    _ tBar: UnsafePointer<Scalar>, _ tBarDot: UnsafePointer<Scalar>,
    to adjoints: UnsafeMutablePointer<Scalar>
  ) {
    withMoments(d, pairs) {
      $0.backwardTangent(
        .init(count: count, empty: empty, types), along: dDot, tBar, tBarDot, to: adjoints)
    }
  }

  @inline(__always)
  private func withMoments(
    _ d: UnsafePointer<SIMD3<Double>>, _ pairs: TablePairs<Scalar>,
    _ body: (TableMoments<Scalar>) -> Void
  ) {
    withUnsafePointer(to: nodes(adjoints: 0)) {
      body(TableMoments($0, width: width, d, pairs))
    }
  }
}
