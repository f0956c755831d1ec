/// A network of one number for many rows at once.
extension DenseNetwork {
  /// Rows that go through a network together: enough for fast products, and few enough for the
  /// caches.
  public static let rowsOfBlock = 48

  /// Computes `net(x)` and the slopes `net'(x)` of `count` rows, `[count][outputs]` each, by a
  /// forward and a tangent pass; `input` gives x of a row.  Up to about `rowsOfBlock` rows stay in
  /// the caches.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func valuesAndSlopes<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, on tape: NetworkTape<Scalar>, count: Int,
    of input: (_ row: Int) -> Scalar, into values: UnsafeMutablePointer<Scalar>,
    slopes: UnsafeMutablePointer<Scalar>
  ) {
    tape.prepare(rows: count)
    let x = tape.input, xDot = tape.inputTangent
    for k in 0..<count { (x[k], xDot[k]) = (input(k), 1) }
    forward(parameters, on: tape, rows: 0..<count, forTraining: false, into: values)
    tangent(parameters, on: tape, rows: 0..<count, forTraining: false, into: slopes)
  }

  /// Hands `net(x)` and the slopes `net'(x)` of `count` rows, `[outputs]` each, to `take`, in
  /// blocks of `rowsOfBlock`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func valuesAndSlopes<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, on tape: NetworkTape<Scalar>, count: Int,
    of input: (_ row: Int) -> Scalar,
    _ take: (_ row: Int, _ value: UnsafePointer<Scalar>, _ slope: UnsafePointer<Scalar>) -> Void
  ) {
    for start in stride(from: 0, to: count, by: Self.rowsOfBlock) {
      let rows = min(Self.rowsOfBlock, count - start)
      tape.prepare(rows: rows)  // before pointers into the tape are taken; once more moves nothing
      let y = tape.output, yDot = tape.outputTangent
      valuesAndSlopes(
        parameters, on: tape, count: rows, of: { input(start + $0) }, into: y, slopes: yDot)
      for k in 0..<rows { take(start + k, y + k * outputs, yDot + k * outputs) }
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
