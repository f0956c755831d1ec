/// The passes of a pair function over some pairs: `y = (function(d) - mean) / deviation`.
///
/// A row with edge -1 has no pair and stands for empty neighbor slots; its function is 0 and does
/// not change.
public struct PairRows {
  let function: PairFunction
  let edges: UnsafePointer<Int32>
  let statistics: RowStatistics?
  let count: Int

  /// Prepares `count` rows with the displacements of `edges`.
  public init(
    _ function: PairFunction, edges: UnsafePointer<Int32>, statistics: RowStatistics?, count: Int
  ) {
    self.function = function
    self.edges = edges
    self.statistics = statistics
    self.count = count
  }

  /// Sets `y` from the displacements `d`, in Å.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func set<Scalar: NetworkScalar>(
    _ d: UnsafePointer<SIMD3<Double>>, into y: UnsafeMutablePointer<Scalar>
  ) {
    for p in 0..<count {
      var row = SIMD4<Double>.zero
      if edges[p] >= 0 {
        let d = d[Int(edges[p])], jet = function.jet((d * d).sum().squareRoot())
        row = join(jet.f, jet.g * d)
      }
      if let (mean, deviation) = statistics?.at(p) { row = (row - mean) / deviation }
      write(row, to: y + p * function.width) { $0 = $1 }
    }
  }

  /// `yDot += J dDot`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func addTangent<Scalar: NetworkScalar>(
    _ d: UnsafePointer<SIMD3<Double>>, along dDot: UnsafePointer<SIMD3<Double>>,
    to yDot: UnsafeMutablePointer<Scalar>
  ) {
    for p in 0..<count where edges[p] >= 0 {
      let edge = Int(edges[p]), d = d[edge], dDot = dDot[edge]
      let r = (d * d).sum().squareRoot(), jet = function.jet(r), along = (d * dDot).sum() / r
      var row = join(jet.fSlope * along, jet.g * dDot + (jet.gSlope * along) * d)
      if let (_, deviation) = statistics?.at(p) { row /= deviation }
      write(row, to: yDot + p * function.width) { $0 += $1 }
    }
  }

  /// `dBar += Jᵀ yBar`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func addBackward<Scalar: NetworkScalar>(
    _ d: UnsafePointer<SIMD3<Double>>, _ yBar: UnsafePointer<Scalar>,
    to dBar: UnsafeMutablePointer<SIMD3<Double>>
  ) {
    for p in 0..<count where edges[p] >= 0 {
      let edge = Int(edges[p]), d = d[edge], r = (d * d).sum().squareRoot()
      let jet = function.jet(r)
      var row = read(yBar + p * function.width)
      if let (_, deviation) = statistics?.at(p) { row /= deviation }
      let v = SIMD3(row.y, row.z, row.w)
      let radial = (jet.fSlope * row.x + jet.gSlope * (v * d).sum()) / r
      dBar[edge] += radial * d + jet.g * v
    }
  }

  @inline(__always)
  private func join(_ f: Double, _ v: SIMD3<Double>) -> SIMD4<Double> {
    SIMD4(f, v.x, v.y, v.z)
  }

  /// The parts of the row that the function has, at their places among four.
  @inline(__always)
  private func read<Scalar: NetworkScalar>(_ from: UnsafePointer<Scalar>) -> SIMD4<Double> {
    var row = SIMD4<Double>.zero
    let first = function.hasRadialPart ? 0 : 1
    for k in 0..<function.width { row[first + k] = Double(from[k]) }
    return row
  }

  @inline(__always)
  private func write<Scalar: NetworkScalar>(
    _ row: SIMD4<Double>, to: UnsafeMutablePointer<Scalar>, _ put: (inout Scalar, Scalar) -> Void
  ) {
    let first = function.hasRadialPart ? 0 : 1
    for k in 0..<function.width { put(&to[k], Scalar(row[first + k])) }
  }
}

/// The mean and the deviation of each row's four parts, found through a table.
public struct RowStatistics {
  let mean: UnsafePointer<Double>, deviation: UnsafePointer<Double>
  let places: UnsafePointer<Int32>
  let width: Int

  /// For row p, takes the numbers at `places[p] · width` of both; if the place is -1, mean 0 and
  /// deviation 1.
  public init(
    mean: UnsafePointer<Double>, deviation: UnsafePointer<Double>, places: UnsafePointer<Int32>,
    width: Int
  ) {
    (self.mean, self.deviation, self.places, self.width) = (mean, deviation, places, width)
  }

  @inline(__always)
  func at(_ p: Int) -> (mean: SIMD4<Double>, deviation: SIMD4<Double>) {
    var result = (mean: SIMD4<Double>.zero, deviation: SIMD4<Double>(repeating: 1))
    guard places[p] >= 0 else { return result }
    let first = Int(places[p]) * width
    for k in 0..<width {
      result.mean[k] = mean[first + k]
      result.deviation[k] = deviation[first + k]
    }
    return result
  }
}
