/// A network of one number for many rows at once.
extension DenseNetwork {
  /// `y = net(x)` and the slopes `net'(x)` of the `count` rows in `order`, by a forward and a
  /// tangent pass; rows stand anywhere.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func setWithSlopes<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, on tape: NetworkTape<Scalar>,
    _ order: UnsafePointer<Int32>, count: Int, _ x: Rows<Scalar>, into y: Rows<Scalar>,
    _ slopes: Rows<Scalar>
  ) {
    let width = outputs
    for start in stride(from: 0, to: count, by: rowsOfBlock) {
      let rows = 0..<min(rowsOfBlock, count - start)
      tape.prepare(rows: rows.count)
      for k in rows {
        tape.input[k] = x.at(Int(order[start + k])).pointee
        tape.inputTangent[k] = 1
      }
      forward(parameters, on: tape, rows: rows, forTraining: false)
      tangent(parameters, on: tape, rows: rows)
      for k in rows {
        let row = Int(order[start + k])
        y.at(row).update(from: tape.output + k * width, count: width)
        slopes.at(row).update(from: tape.outputTangent + k * width, count: width)
      }
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

/// Rows that go through a network together: enough for fast products, and few enough for the
/// caches.
private let rowsOfBlock = 128
