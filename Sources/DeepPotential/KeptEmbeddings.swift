import Kernels

/// The rows of a tile's neighbors of one type, with the embedding of each and its slope, which a
/// forward and a tangent pass of the net give for many rows at once.
///
/// With both at hand, forces need no backward pass of the net.
final class KeptEmbeddings<Scalar: NetworkScalar> {
  /// The rows.
  var rows: [SeE2ARow<Scalar>] = []
  /// `[rows][2][width]`.
  private let jets = Buffer<Scalar>()
  private let width: Int

  /// Makes memory for embeddings `width` wide.
  init(width: Int) { self.width = width }

  /// The embedding of row `k`.
  func embedding(_ k: Int) -> UnsafePointer<Scalar> { UnsafePointer(jets.row(2 * k, width)) }

  /// The derivative of this embedding with respect to the net's input.
  func slope(_ k: Int) -> UnsafePointer<Scalar> { UnsafePointer(jets.row(2 * k + 1, width)) }

  /// Computes the embeddings of all rows by `network`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func embed(
    by network: DenseNetwork, _ parameters: UnsafePointer<Scalar>, on tape: NetworkTape<Scalar>
  ) {
    jets.reserve(2 * rows.count * width)
    network.valuesAndSlopes(
      parameters, on: tape, count: rows.count, of: { rows[$0].row.r0 }
    ) { k, value, slope in
      let to = jets.row(2 * k, width)
      to.update(from: value, count: width)
      (to + width).update(from: slope, count: width)
    }
  }
}
