/// Sums of vectors over all ranks in a fixed tree; their bits do not depend on the number of ranks.
extension Communicator {
  /// Writes the sum of the vectors of all leaves of `tree` into `vectors[0]`; the leaves are shared
  /// out as `share` says.
  ///
  /// `vectors[k]` is the sum over the k-th of `tree.nodes(covering:)` this rank's share; if the
  /// share is empty, one vector gives the length.  Every rank sums a part of the numbers, over the
  /// vectors of all ranks, and sends the result to the others.  So a rank sends and receives about
  /// twice the length of a vector, for any number of ranks.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func sum<Scalar: BinaryFloatingPoint & BitwiseCopyable>(
    _ vectors: inout [[Scalar]], over tree: SumTree
  ) {
    if size == 1 { return }
    let count = vectors[0].count, piece = share(of: count).count
    let nodes = (0..<size).map { tree.nodes(covering: share(of: tree.leafCount, rank: $0)) }
    let nodeCount = nodes.reduce(0) { $0 + $1.count }
    let received = UnsafeMutablePointer<Scalar>.allocate(capacity: max(1, nodeCount * piece))
    defer { received.deallocate() }
    // The pieces are exchanged in rounds; round k has the k-th node of every rank that has one.
    var pieces: [(node: Range<Int>, numbers: UnsafeMutablePointer<Scalar>)] = []
    for round in 0..<(nodes.map(\.count).max() ?? 0) {
      let start = received + pieces.count * piece
      for rank in 0..<size where round < nodes[rank].count {
        pieces.append((nodes[rank][round], received + pieces.count * piece))
      }
      exchangePieces(
        of: round < nodes[rank].count ? vectors[round] : [], count: count,
        sources: nodes.map { round < $0.count }, into: start)
    }
    pieces.sort { $0.node.lowerBound < $1.node.lowerBound }
    let sum = tree.fold(from: pieces.map(\.node), node: { pieces[$0].numbers }) { to, from in
      for i in 0..<piece { to[i] += from[i] }
      return to
    }
    gatherPieces(sum ?? received, into: &vectors[0])
  }

  /// Sends to each rank its piece of the vectors of `sources`, which have `count` numbers each.
  private func exchangePieces<Scalar: BitwiseCopyable>(
    of vector: [Scalar], count: Int, sources: [Bool], into start: UnsafeMutablePointer<Scalar>
  ) {
    let stride = MemoryLayout<Scalar>.stride, piece = share(of: count).count
    let sent = (0..<size).map { vector.isEmpty ? 0 : share(of: count, rank: $0).count * stride }
    let taken = sources.map { $0 ? piece * stride : 0 }
    vector.withUnsafeBytes { bytes in
      exchange(sending: bytes.isEmpty ? 0 : (count - piece) * stride) {
        $0.exchange(
          bytes, counts: sent,
          into: UnsafeMutableRawBufferPointer(start: start, count: taken.reduce(0, +)),
          receivedCounts: taken)
      }
    }
  }

  /// Collects the pieces of all ranks.
  private func gatherPieces<Scalar: BitwiseCopyable>(
    _ piece: UnsafeMutablePointer<Scalar>, into vector: inout [Scalar]
  ) {
    let stride = MemoryLayout<Scalar>.stride, count = vector.count
    let counts = (0..<size).map { share(of: count, rank: $0).count * stride }
    vector.withUnsafeMutableBytes { all in
      exchange(sending: counts[rank] * (size - 1)) {
        $0.gather(
          UnsafeRawBufferPointer(start: piece, count: counts[rank]), into: all, counts: counts)
      }
    }
  }
}
