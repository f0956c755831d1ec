import Measurement

/// Arithmetic on whole vectors on several threads; the results do not depend on the number of
/// threads.
extension Parameters {
  /// Adds `other`, number by number.
  public mutating func add(_ other: Parameters, threads: Int) {
    precondition(hasShape(of: other))
    Kernels.add(other.float64, to: &float64, threads)
    Kernels.add(other.float32, to: &float32, threads)
  }

  /// Multiplies every number by `factor`.
  public mutating func scale(by factor: Double) {
    for i in float64.indices { float64[i] *= factor }
    for i in float32.indices { float32[i] *= Float(factor) }
  }
}

extension Parameters {
  /// Moves every number by the fraction `weight` toward that of `other`.
  public mutating func approach(_ other: Parameters, by weight: Double, threads: Int) {
    precondition(hasShape(of: other))
    move(&float64, to: other.float64, by: weight, threads)
    move(&float32, to: other.float32, by: Float(weight), threads)
  }
}

/// Like PyTorch's `lerp`, it starts from the nearer end, so that a weight of 1 gives exactly the
/// other number.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func move<Scalar: NetworkScalar>(
  _ x: inout [Scalar], to other: [Scalar], by weight: Scalar, _ threads: Int
) {
  let work = Work(operations: 3, bytes: Double(3 * MemoryLayout<Scalar>.stride))
  let rest = 1 - weight, isNear = weight < 0.5
  other.withUnsafeBufferPointer { other in
    x.withUnsafeMutableBufferPointer { x in
      nonisolated(unsafe) let (from, to) = (other, x)  // pieces are disjoint
      forEachPiece(of: 0..<to.count, workers: threads, .optimizer, work) { range, _ in
        for k in range {
          let distance = from[k] - to[k]
          to[k] = isNear ? to[k] + weight * distance : from[k] - rest * distance
        }
      }
    }
  }
}

@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func add<Scalar: NetworkScalar>(
  _ other: [Scalar], to sum: inout [Scalar], _ threads: Int
) {
  let work = Work(operations: 1, bytes: Double(3 * MemoryLayout<Scalar>.stride))
  other.withUnsafeBufferPointer { other in
    sum.withUnsafeMutableBufferPointer { sum in
      nonisolated(unsafe) let (from, to) = (other, sum)  // pieces are disjoint
      forEachPiece(of: 0..<to.count, workers: threads, .gradientSum, work) { range, _ in
        for k in range { to[k] += from[k] }
      }
    }
  }
}

/// `Σ x²` over a range.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
public func sumOfSquares<Scalar: NetworkScalar>(
  _ x: [Scalar], in range: Range<Int>, threads: Int
) -> Double {
  let work = Work(operations: 2, bytes: Double(MemoryLayout<Scalar>.stride))
  let sums = Buffer<Double>(pieceCount(of: range))
  x.withUnsafeBufferPointer { x in
    nonisolated(unsafe) let x = x
    forEachPiece(of: range, workers: threads, .gradientLength, work) { range, piece in
      // There are eight partial sums, in an order that vector instructions keep.
      var partial = SIMD8<Double>.zero
      let whole = range.lowerBound + range.count / 8 * 8
      for i in stride(from: range.lowerBound, to: whole, by: 8) {
        for lane in 0..<8 { partial[lane] += Double(x[i + lane]) * Double(x[i + lane]) }
      }
      sums.base[piece] = (whole..<range.upperBound).reduce(partial.sum()) {
        $0 + Double(x[$1]) * Double(x[$1])
      }
    }
  }
  return (0..<pieceCount(of: range)).reduce(0) { $0 + sums.base[$1] }
}
