import Communication
import TestSupport
import Testing

@Suite struct CommunicatorTests {
  @Test(arguments: 1...5) func `every rank learns what each has`(ranks: Int) {
    let found = runRanks(ranks) { $0.gather(Array(repeating: $0.rank, count: $0.rank)) }
    let expected = (0..<ranks).map { Array(repeating: $0, count: $0) }
    #expect(found == Array(repeating: expected, count: ranks))
    let rows = runRanks(ranks) { rank in
      rank.gather(rows: rank.share(of: 3).map { [Double($0), 0.5] }, width: 2)
    }
    #expect(rows == Array(repeating: [[0, 0.5], [1, 0.5], [2, 0.5]], count: ranks))
  }

  @Test(arguments: 1...5) func `the first rank tells, collects and hands out`(ranks: Int) {
    let told = runRanks(ranks) { $0.broadcast($0.isFirst ? [1.5, 2.5] : []) }
    #expect(told == Array(repeating: [1.5, 2.5], count: ranks))
    let collected = runRanks(ranks) { $0.collect([UInt8($0.rank), 7]) }
    #expect(collected[0] == (0..<ranks).map { [UInt8($0), 7] })
    #expect(collected.dropFirst().joined().isEmpty)
    let handed = runRanks(ranks) {
      $0.scatter { Array(repeating: Float($0), count: 2 * $0) }
    }
    #expect(handed == (0..<ranks).map { Array(repeating: Float($0), count: 2 * $0) })
    #expect(
      runRanks(ranks) { $0.isTrueAnywhere($0.rank == 2) }.allSatisfy {
        $0 == (ranks > 2)
      })
  }

  @Test func `shares are whole and even`() {
    for ranks in 1...7 {
      for count in 0...20 {
        let shares = runRanks(ranks) { $0.share(of: count) }
        #expect(shares.flatMap(\.self) == Array(0..<count))
        let sizes = shares.map(\.count)
        #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
      }
    }
  }

  @Test(arguments: [1, 2, 3, 4, 5, 8], [1, 2, 3, 6, 8])
  func `sums have the same bits on any number of ranks`(ranks: Int, leaves: Int) {
    let vectors: [[Double]] = (0..<leaves).map { leaf -> [Double] in
      (0..<37).map { number -> Double in
        let odd = (leaf * 37 + number) * 7919 % 1009
        return Double(odd) * 0.1 / 3
      }
    }
    let tree = SumTree(leafCount: leaves)
    func sum(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map(+) }
    let expected = tree.fold(leaf: { vectors[$0] }, combine: sum)
    let found = runRanks(ranks) { communicator in
      var parts = tree.nodes(covering: communicator.share(of: leaves)).map { node in
        treeSum(node, of: vectors)
      }
      if parts.isEmpty { parts = [Array(repeating: .nan, count: 37)] }
      communicator.sum(&parts, over: tree)
      return parts[0]
    }
    if ranks == 1 {
      #expect(found == [expected])
    } else {
      #expect(found == Array(repeating: expected, count: ranks))
    }
  }
}

private func treeSum(_ leaves: Range<Int>, of vectors: [[Double]]) -> [Double] {
  if leaves.count == 1 { return vectors[leaves.lowerBound] }
  let middle = SumTree.middle(of: leaves)
  let low = treeSum(leaves.lowerBound..<middle, of: vectors)
  return zip(low, treeSum(middle..<leaves.upperBound, of: vectors)).map(+)
}
