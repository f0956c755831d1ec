/// What all neighbors of one type have in common for centers of one type.
public struct PairSection<Scalar: NetworkScalar>: Sendable {
  let inner: Double, outer: Double, protection: Double
  let mean: SIMD4<Double>, inverseDeviation: SIMD4<Double>
  /// One over the number of slots of a center.
  let unit: Scalar

  /// A section with the descriptor's cutoffs in Å, statistics of its environment rows, and `slotCount` slots in all.
  public init(
    inner: Double, outer: Double, protection: Double, mean: SIMD4<Double>,
    deviation: SIMD4<Double>, slotCount: Int
  ) {
    (self.inner, self.outer, self.protection, self.mean) = (inner, outer, protection, mean)
    inverseDeviation = 1 / deviation
    unit = Scalar(1 / Double(slotCount))
  }

  /// The input of the embedding net for a neighbor at distance `r` in Å.
  public func input(at r: Double) -> Double { normalized(environment(SIMD3(r, 0, 0)).row).x }

  /// The input of the embedding net for an empty slot.
  public var emptyInput: Double { normalized(.zero).x }

  /// The normalized row of an empty slot.
  @inline(__always)
  var emptyRow: SIMD4<Scalar> { SIMD4<Scalar>(normalized(.zero)) }

  @inline(__always)
  func environment(_ d: SIMD3<Double>) -> EnvironmentRow {
    EnvironmentRow(d, inner: inner, outer: outer, protection: protection)
  }

  @inline(__always)
  func normalized(_ row: SIMD4<Double>) -> SIMD4<Double> { (row - mean) * inverseDeviation }
}

/// The four passes of all neighbors of one type of one center.
///
/// `d` holds the neighbors' displacements, `count` of them; besides there are `empty` slots, each with the same row.
/// `T`, its adjoint and tangents are the center's, `[4][vectors]`.
extension EmbeddingTable {
  /// `T += Σ R ⊗ G / slots`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func forward(
    _ section: PairSection<Scalar>, _ d: UnsafePointer<SIMD3<Double>>, count: Int, empty: Int,
    to t: UnsafeMutablePointer<Scalar.WideVector>
  ) {
    for k in 0..<count {
      let row = SIMD4<Scalar>(section.normalized(section.environment(d[k]).row))
      point(at: row.x).forward(section.unit * row, to: t)
    }
    guard empty > 0 else { return }
    let row = section.emptyRow
    point(at: row.x).forward(section.unit * Scalar(empty) * row, to: t)
  }

  /// `dE/dd` of all neighbors from `TBar`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func backward(
    _ section: PairSection<Scalar>, _ d: UnsafePointer<SIMD3<Double>>, count: Int,
    _ tBar: UnsafePointer<Scalar.WideVector>, into dBar: UnsafeMutablePointer<SIMD3<Double>>
  ) {
    let factor = Double(section.unit) * section.inverseDeviation
    for k in 0..<count {
      let environment = section.environment(d[k])
      let row = SIMD4<Scalar>(section.normalized(environment.row))
      let rowBar = SIMD4<Double>(point(at: row.x).backward(row, tBar))
      dBar[k] = environment.backward(factor * rowBar)
    }
  }

  /// `TDot += Σ (RDot ⊗ G + R ⊗ GDot) / slots` along the neighbors' `dDot`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func tangent(
    _ section: PairSection<Scalar>, _ d: UnsafePointer<SIMD3<Double>>,
    along dDot: UnsafePointer<SIMD3<Double>>, count: Int,
    to tDot: UnsafeMutablePointer<Scalar.WideVector>
  ) {
    for k in 0..<count {
      let environment = section.environment(d[k])
      let row = SIMD4<Scalar>(section.normalized(environment.row))
      let rowDot = SIMD4<Scalar>(environment.tangent(dDot[k]) * section.inverseDeviation)
      point(at: row.x).tangent(
        section.unit * row, section.unit * rowDot, sDot: rowDot.x, to: tDot)
    }
  }

  /// Adds to the adjoints of the nodes what follows from `TBar` and `TBarDot`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func backwardTangent(
    _ section: PairSection<Scalar>, _ d: UnsafePointer<SIMD3<Double>>,
    along dDot: UnsafePointer<SIMD3<Double>>, count: Int, empty: Int,
    _ tBar: UnsafePointer<Scalar.WideVector>, _ tBarDot: UnsafePointer<Scalar.WideVector>,
    to adjoints: UnsafeMutablePointer<Scalar.WideVector>
  ) {
    for k in 0..<count {
      let environment = section.environment(d[k])
      let row = SIMD4<Scalar>(section.normalized(environment.row))
      let rowDot = SIMD4<Scalar>(environment.tangent(dDot[k]) * section.inverseDeviation)
      point(at: row.x).backwardTangent(
        section.unit * row, section.unit * rowDot, sDot: rowDot.x, tBar, tBarDot, to: adjoints)
    }
    guard empty > 0 else { return }
    let row = section.emptyRow
    point(at: row.x).backwardTangent(
      section.unit * Scalar(empty) * row, .zero, sDot: 0, tBar, tBarDot, to: adjoints)
  }
}
