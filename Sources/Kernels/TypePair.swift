/// The numbers that all neighbors of one type share around centers of one type.
public struct TypePair<Scalar: NetworkScalar>: Sendable {
  let inner: Double, outer: Double, protection: Double
  let mean: SIMD4<Double>, inverseDeviation: SIMD4<Double>
  /// One over the number of slots of a center.
  let unit: Double
  /// The input of tables, where it is not the radial part of the rows.
  let nearness: Nearness?

  /// Takes the descriptor's cutoffs in Å, the statistics of its environment rows, `slotCount`, the
  /// number of slots of a center, and the input of tables where it is not the radial part.
  public init(
    inner: Double, outer: Double, protection: Double, mean: SIMD4<Double>,
    deviation: SIMD4<Double>, slotCount: Int, nearness: Nearness? = nil
  ) {
    self.nearness = nearness
    (self.inner, self.outer, self.protection, self.mean) = (inner, outer, protection, mean)
    inverseDeviation = 1 / deviation
    unit = 1 / Double(slotCount)
  }

  /// The input of the embedding net for a neighbor at distance `r` in Å.
  public func input(at r: Double) -> Double {
    let row = EnvironmentRow(
      SIMD3(r, 0, 0), inner: inner, outer: outer, protection: protection
    ).row
    return ((row - mean) * inverseDeviation).x
  }

  /// The input of the table for an empty slot, which is one at the cutoff.
  public var emptyInput: Double { nearness == nil ? emptyRow.x : 0 }

  /// The normalized row of an empty slot.
  var emptyRow: SIMD4<Double> { -mean * inverseDeviation }

  @inline(__always)
  func environment(_ d: Vectors8) -> EnvironmentRows {
    EnvironmentRows(d, inner: inner, outer: outer, protection: protection)
  }

  /// The inputs of tables: the normalized radial parts, or how near the pairs are.
  @inline(__always)
  func inputs(_ rows: EnvironmentRows) -> SIMD8<Double> {
    if let nearness { return nearness.inputs(rows.inverse) }
    return (rows.radial - mean.r0) * inverseDeviation.r0
  }

  /// The tangents of these inputs along `dDot`, those of the radial parts being known.
  @inline(__always)
  func inputTangents(
    _ rows: EnvironmentRows, along dDot: Vectors8, _ radialDot: SIMD8<Double>
  ) -> SIMD8<Double> {
    if let nearness { return nearness.slopes(rows.inverse) * rows.distanceTangents(dDot) }
    return radialDot * inverseDeviation.r0
  }

  /// Writes `weight` times the normalized rows.
  @inline(__always)
  func putRows(_ rows: EnvironmentRows, weight: Double, to pairs: PairNumbers<Scalar>) {
    let scale = weight * inverseDeviation
    put(SIMD8<Scalar>((rows.radial - mean.r0) * scale.r0), pairs.row(0))
    put(SIMD8<Scalar>((rows.angular.x - mean.r1) * scale.r1), pairs.row(1))
    put(SIMD8<Scalar>((rows.angular.y - mean.r2) * scale.r2), pairs.row(2))
    put(SIMD8<Scalar>((rows.angular.z - mean.r3) * scale.r3), pairs.row(3))
  }

  /// Writes `weight` times the tangents of the normalized rows.
  @inline(__always)
  func putTangents(
    _ radial: SIMD8<Double>, _ angular: Vectors8, weight: Double, to pairs: PairNumbers<Scalar>
  ) {
    let scale = weight * inverseDeviation
    put(SIMD8<Scalar>(radial * scale.r0), pairs.rowDot(0))
    put(SIMD8<Scalar>(angular.x * scale.r1), pairs.rowDot(1))
    put(SIMD8<Scalar>(angular.y * scale.r2), pairs.rowDot(2))
    put(SIMD8<Scalar>(angular.z * scale.r3), pairs.rowDot(3))
  }
}
