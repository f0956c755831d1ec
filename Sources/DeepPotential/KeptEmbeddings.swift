import Kernels

/// The rows of a tile's neighbors of one type, with the embedding of each and its slope, which a
/// forward and a tangent pass of the net give for many rows at once.
///
/// With both at hand, forces need no backward pass of the net, tangents of `T` no pass at all, and
/// the gradient no product of a last layer of tanh.
final class KeptEmbeddings<Scalar: NetworkScalar>: @unchecked Sendable {
  // Unchecked: one thread at a time works on a tile.
  /// The rows.
  var rows: [SeE2ARow<Scalar>] = []
  /// Their tangents, which the tangent pass writes.
  var rowsDot: [SIMD4<Scalar>] = []
  /// `[blocks][2][rows of the block][width]`: embeddings, then slopes.
  private let jets = Buffer<Scalar>()
  private let width: Int

  /// Makes memory for embeddings `width` wide.
  init(width: Int) { self.width = width }

  /// Bytes that a row takes with its embedding and its slope.
  static func bytesOfRow(width: Int) -> Int {
    2 * width * MemoryLayout<Scalar>.stride + MemoryLayout<SeE2ARow<Scalar>>.stride
      + MemoryLayout<SIMD4<Scalar>>.stride
  }

  /// Bytes that are in use, by this tile or one before it.
  var bytes: Int {
    jets.capacity * MemoryLayout<Scalar>.stride
      + rows.capacity * MemoryLayout<SeE2ARow<Scalar>>.stride
      + rowsDot.capacity * MemoryLayout<SIMD4<Scalar>>.stride
  }

  /// Memory for the neighbors of each type in a tile.
  static func ofTypes(_ descriptor: SeE2A) -> [KeptEmbeddings] {
    (0..<descriptor.typeCount).map { _ in KeptEmbeddings(width: descriptor.width) }
  }

  /// The embedding of row `k`; those of a block's next rows follow.
  func embedding(_ k: Int) -> UnsafePointer<Scalar> {
    let block = block(of: k)
    return UnsafePointer(jets.row(block.lowerBound + k, width))
  }

  /// The derivative of this embedding with respect to the net's input; those of a block's next rows
  /// follow.
  func slope(_ k: Int) -> UnsafePointer<Scalar> {
    let block = block(of: k)
    return UnsafePointer(jets.row(block.upperBound + k, width))
  }

  /// Computes the embeddings of all rows by `network`, and calls `use` with the rows of one block
  /// after the other, while their embeddings are in the caches.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func embed(
    by network: DenseNetwork, _ parameters: UnsafePointer<Scalar>, on tape: NetworkTape<Scalar>,
    _ use: (Range<Int>) -> Void = { _ in }
  ) {
    jets.reserve(2 * rows.count * width)
    forEachBlock { block in
      let start = block.lowerBound, values = jets.row(2 * start, width)
      network.valuesAndSlopes(
        parameters, on: tape, count: block.count, of: { rows[start + $0].row.r0 }, into: values,
        slopes: values + block.count * width)
      use(block)
    }
  }

  /// Calls `body` with the rows of one block after the other, which go through the net together.
  @inline(__always)
  func forEachBlock(_ body: (Range<Int>) -> Void) {
    for start in stride(from: 0, to: rows.count, by: DenseNetwork.rowsOfBlock) {
      body(block(of: start))
    }
  }

  /// The rows of the block of row `k`.
  private func block(of k: Int) -> Range<Int> {
    let start = k - k % DenseNetwork.rowsOfBlock
    return start..<min(start + DenseNetwork.rowsOfBlock, rows.count)
  }

  /// Calls `body` with one run after the other of rows in `range`, or of those `ofPairs` only, that
  /// have one atom and are in one block.
  func forEachRun(
    of range: Range<Int>, ofPairs: Bool = false, _ body: (_ atom: Int, Range<Int>) -> Void
  ) {
    var first = range.lowerBound
    while first < range.upperBound {
      let atom = rows[first].atom, end = min(range.upperBound, block(of: first).upperBound)
      var next = first + 1
      let isPair = rows[first].pair != nil
      while next < end, rows[next].atom == atom, !ofPairs || (rows[next].pair != nil) == isPair {
        next += 1
      }
      if isPair || !ofPairs { body(atom, first..<next) }
      first = next
    }
  }
}
