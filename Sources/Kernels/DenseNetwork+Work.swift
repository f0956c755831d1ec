import Measurement

/// The work of a network's passes over `rows` rows, counted as the passes are coded in
/// `DenseLayer+Passes.swift`.
extension DenseNetwork {
  /// The work of `forward`: the products, biases and activation functions.
  public func forwardWork(rows: Int) -> Work {
    sum { $0.productWork(rows, size) + $0.numberWork(rows, 1 + $0.activation.operations, size) }
  }

  /// The work of `backward`: the products, and adjoints times slopes.
  public func backwardWork(rows: Int) -> Work {
    sum { $0.productWork(rows, size) + $0.numberWork(rows, 1, size) }
  }

  /// The work of `tangent`: the products, and tangents times slopes.
  public func tangentWork(rows: Int) -> Work { backwardWork(rows: rows) }

  /// The work of `backwardTangent`: the products, `f' yBarDot + f'' zDot yBar`.
  public func backwardTangentWork(rows: Int) -> Work {
    sum { $0.productWork(rows, size) + $0.numberWork(rows, 4, size) }
  }

  /// The work of `addGradient`, or of one piece of it: products over values above tangents.
  public func gradientWork(rows: Int, piece: GradientPiece? = nil) -> Work {
    (piece.map { [$0] } ?? gradientPieces).reduce(.uncounted) {
      $0
        + .product(
          rows: $1.inputs.count, columns: layers[$1.layer].outputs, inner: 2 * rows, size: size)
    }
  }

  private var size: Int { precision == .float64 ? 8 : 4 }

  private func sum(_ work: (DenseLayer) -> Work) -> Work {
    layers.reduce(.uncounted) { $0 + work($1) }
  }
}

extension DenseLayer {
  /// The work of one product of `rows` rows with the weights or their transpose.
  func productWork(_ rows: Int, _ size: Int) -> Work {
    .product(rows: rows, columns: outputs, inner: inputs, size: size)
  }

  /// The work of `operations` operations on each output of `rows` rows, which are in the caches
  /// after the product.
  func numberWork(_ rows: Int, _ operations: Double, _ size: Int) -> Work {
    Work(operations: operations * Double(rows * outputs), bytes: Double(rows * outputs * size))
  }
}

extension Activation {
  /// The operations for a value and its slope: `hyperbolicTangent` has 38, a slope 2; other
  /// functions have about as many.
  var operations: Double { self == .linear ? 0 : 40 }
}
