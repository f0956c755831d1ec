/// A network of one number for many rows at once.
extension DenseNetwork {
  /// Rows that go through a network together: enough for fast products, and few enough for the
  /// caches.
  public static let rowsOfBlock = 48

  /// Hands `net(x)` and the slopes `net'(x)` of `count` rows, `[outputs]` each, to `take`, by a
  /// forward and a tangent pass; `input` gives x of a row.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func valuesAndSlopes<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, on tape: NetworkTape<Scalar>, count: Int,
    of input: (_ row: Int) -> Scalar,
    _ take: (_ row: Int, _ value: UnsafePointer<Scalar>, _ slope: UnsafePointer<Scalar>) -> Void
  ) {
    let width = outputs
    for start in stride(from: 0, to: count, by: Self.rowsOfBlock) {
      let rows = 0..<min(Self.rowsOfBlock, count - start)
      tape.prepare(rows: rows.count)
      let x = tape.input, xDot = tape.inputTangent
      for k in rows { (x[k], xDot[k]) = (input(start + k), 1) }
      forward(parameters, on: tape, rows: rows, forTraining: false)
      tangent(parameters, on: tape, rows: rows)
      let y = tape.output, yDot = tape.outputTangent
      for k in rows { take(start + k, y + k * width, yDot + k * width) }
    }
  }
}

/// `y += a · b` in each row, where y is one number.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
public func addRowProducts<Scalar: NetworkScalar>(
  _ a: Rows<Scalar>, _ b: Rows<Scalar>, to y: Rows<Scalar>, width: Int, count: Int
) {
  for p in 0..<count { y.at(p).pointee += innerProduct(a.at(p), b.at(p), count: width) }
}
