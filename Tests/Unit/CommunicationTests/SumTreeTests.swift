import Communication
import Testing

@Suite struct SumTreeTests {
  @Test func `a tree depends on the number of leaves alone`() {
    let text = { SumTree(leafCount: $0).fold(leaf: { "\($0)" }) { "(\($0)\($1))" } }
    #expect(text(0) == nil)
    #expect(text(1) == "0")
    #expect(text(3) == "(0(12))")
    #expect(text(8) == "(((01)(23))((45)(67)))")
  }

  @Test func `nodes cover any range, and lead to the same root`() {
    for count in 1...13 {
      let tree = SumTree(leafCount: count)
      let whole = tree.fold(leaf: { "\($0) " }) { "(\($0)\($1))" }
      for cut in 0...count {
        let nodes = tree.nodes(covering: 0..<cut) + tree.nodes(covering: cut..<count)
        #expect(nodes.flatMap(\.self) == Array(0..<count))
        let texts = nodes.map { node in text(node) }
        #expect(tree.fold(from: nodes, node: { texts[$0] }) { "(\($0)\($1))" } == whole)
      }
    }
  }

  /// What the tree makes of the leaves of one node.
  private func text(_ leaves: Range<Int>) -> String {
    if leaves.count == 1 { return "\(leaves.lowerBound) " }
    let middle = SumTree.middle(of: leaves)
    return "(\(text(leaves.lowerBound..<middle))\(text(middle..<leaves.upperBound)))"
  }

  @Test func `few nodes are enough where ranks are a power of two`() {
    let tree = SumTree(leafCount: 8)
    #expect(tree.nodes(covering: 4..<8) == [4..<8])
    #expect(tree.nodes(covering: 3..<8) == [3..<4, 4..<8])
    #expect(tree.nodes(covering: 3..<3) == [])
  }
}
