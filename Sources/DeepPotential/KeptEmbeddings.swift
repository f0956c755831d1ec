import Kernels

/// The rows of a tile's neighbors of one type, with the embedding of each and its slope, which a
/// forward and a tangent pass of the net give for many rows at once.
///
/// With both at hand, forces need no backward pass of the net, and tangents of `T` no pass at all.
final class KeptEmbeddings<Scalar: NetworkScalar>: @unchecked Sendable {
  // Unchecked: one thread at a time works on a tile.
  /// The rows.
  var rows: [SeE2ARow<Scalar>] = []
  /// `[rows][2][width]`.
  private let jets = Buffer<Scalar>()
  private let width: Int

  /// Makes memory for embeddings `width` wide.
  init(width: Int) { self.width = width }

  /// Bytes that a row takes with its embedding and its slope.
  static func bytesOfRow(width: Int) -> Int {
    2 * width * MemoryLayout<Scalar>.stride + MemoryLayout<SeE2ARow<Scalar>>.stride
  }

  /// Bytes that are in use, by this tile or one before it.
  var bytes: Int {
    jets.capacity * MemoryLayout<Scalar>.stride
      + rows.capacity * MemoryLayout<SeE2ARow<Scalar>>.stride
  }

  /// Memory for the neighbors of each type in a tile.
  static func ofTypes(_ descriptor: SeE2A) -> [KeptEmbeddings] {
    (0..<descriptor.typeCount).map { _ in KeptEmbeddings(width: descriptor.width) }
  }

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
