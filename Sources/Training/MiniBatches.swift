import Communication
import DeepPotential
import Kernels

/// The mini-batches of a step, shared out over the ranks of a job, and means over all of them.
///
/// A step has the same mini-batches, and gives the same bits, for any number of ranks.
struct MiniBatches {
  /// The number of mini-batches of a step, over all ranks.
  let count: Int
  let communicator: Communicator

  private var tree: SumTree { SumTree(leafCount: count) }

  /// The mini-batches of this rank; may be empty.
  var share: Range<Int> { communicator.share(of: count) }

  /// The mean over all mini-batches of vectors that `fill` writes for this rank's, by their place
  /// among them.
  ///
  /// The mean is left in `vectors[0]`; this method appends the vectors that the sum needs.
  func mean(
    of vectors: inout [Parameters], threads: Int, fill: (Int, inout Parameters) throws -> Void
  ) rethrows {
    let nodes = tree.nodes(covering: share)
    for (slot, node) in nodes.enumerated() {
      try fillNode(node, slot, &vectors, threads, fill)
    }
    if communicator.size > 1 { sumOverRanks(&vectors, count: max(1, nodes.count)) }
    if count > 1 { vectors[0].scale(by: 1 / Double(count)) }
  }

  private func fillNode(
    _ node: Range<Int>, _ slot: Int, _ vectors: inout [Parameters], _ threads: Int,
    _ fill: (Int, inout Parameters) throws -> Void
  ) rethrows {
    if slot == vectors.count { vectors.append(Parameters(zerosLike: vectors[0])) }
    if node.count == 1 { return try fill(node.lowerBound - share.lowerBound, &vectors[slot]) }
    let middle = SumTree.middle(of: node)
    try fillNode(node.lowerBound..<middle, slot, &vectors, threads, fill)
    try fillNode(middle..<node.upperBound, slot + 1, &vectors, threads, fill)
    vectors.withUnsafeMutableBufferPointer { $0[slot].add($0[slot + 1], threads: threads) }
  }

  private func sumOverRanks(_ vectors: inout [Parameters], count: Int) {
    sumOverRanks(&vectors, count, \.float64)
    sumOverRanks(&vectors, count, \.float32)
  }

  private func sumOverRanks<Scalar: NetworkScalar>(
    _ vectors: inout [Parameters], _ count: Int, _ numbers: WritableKeyPath<Parameters, [Scalar]>
  ) {
    var parts: [[Scalar]] = Array(repeating: [], count: count)
    for i in parts.indices { swap(&parts[i], &vectors[i][keyPath: numbers]) }
    if !parts[0].isEmpty { communicator.sum(&parts, over: tree) }
    for i in parts.indices { swap(&parts[i], &vectors[i][keyPath: numbers]) }
  }
}

extension MiniBatches {
  /// The mean of the numbers of all ranks, which have one for each of their mini-batches.
  func mean(_ values: [Double]) -> Double {
    let all = communicator.gather(values).flatMap(\.self)
    return all.reduce(0, +) / Double(all.count)
  }

  /// Whether `holds` is true on all ranks.
  func all(_ holds: Bool) -> Bool { !communicator.isTrueAnywhere(!holds) }

  /// The mean of errors over the mini-batches that have the label; of root mean square errors, the
  /// root of the mean square.
  ///
  /// `columns` names the errors, and `rows` has one row for each mini-batch.
  static func mean(_ rows: [[Double]], columns: [String]) -> [Double] {
    if rows.count == 1 { return rows[0] }
    return columns.enumerated().map { index, column in
      let values = rows.map { $0[index] }.filter { !$0.isNaN }
      if values.isEmpty { return .nan }
      let isRoot = column.hasPrefix("rmse")
      let sum = values.reduce(0) { $0 + (isRoot ? $1 * $1 : $1) } / Double(values.count)
      return isRoot ? sum.squareRoot() : sum
    }
  }
}
