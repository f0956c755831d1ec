import Atoms
import Synthesis
import Testing

@Suite struct PairListTests {
  @Test(arguments: [Example.liquid, Example.smallMetal, Example.cluster])
  func `every image within the radius is there once`(example: Example) {
    let x = example.positions
    let list = PairList(x, cell: example.cell, cutoff: 5, skin: 1)
    let found = list.pairs.map { norm(x[$0.j] + $0.shift - x[$0.i]) }.sorted()
    var expected: [Double] = []
    let range = example.cell == nil ? 0...0 : -5...5
    for i in x.indices {
      for j in x.indices {
        for n in range.flatMap({ a in range.flatMap { b in range.map { SIMD3(a, b, $0) } } }) {
          let shift = example.cell?.vector(SIMD3<Double>(n)) ?? .zero
          let r = norm(x[j] + shift - x[i])
          if r > 0 && r <= 6 { expected.append(r) }
        }
      }
    }
    // The plain search sees each pair from both sides.
    expected = expected.sorted().enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
    #expect(found.count == expected.count)
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-9 })
  }

  @Test func `a list stays complete while atoms move`() {
    var x = Example.metal.positions
    var list = PairList(x, cell: Example.metal.cell, cutoff: 5, skin: 1)
    for step in 0..<8 {
      for i in x.indices {
        x[i] += 0.15 * SIMD3(Double(i % 3 - 1), Double(i % 2), Double(step % 2))
      }
      list.update(x)
      let near = list.pairs.count { norm(x[$0.j] + $0.shift - x[$0.i]) <= 5 }
      let fresh = PairList(x, cell: Example.metal.cell, cutoff: 5).pairs.count
      #expect(near == fresh)
    }
  }
}
