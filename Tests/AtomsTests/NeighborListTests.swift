import Atoms
import Random
import Testing

@Suite struct NeighborListTests {
  /// The plain twin: every image in reach of every atom, tested one by one.
  func allPairs(_ frame: Frame, cutoff: Double) -> [[SIMD4<Double>]] {
    frame.types.indices.map { i in
      guard frame.types[i] >= 0 else { return [] }
      var rows: [SIMD4<Double>] = []
      let reach = frame.cell == nil ? 0 : 3  // enough for the smallest cell below
      for j in frame.types.indices where frame.types[j] >= 0 {
        for a in -reach...reach {
          for b in -reach...reach {
            for c in -reach...reach where i != j || a != 0 || b != 0 || c != 0 {
              let image = frame.cell?.vector(SIMD3(Double(a), Double(b), Double(c))) ?? .zero
              let (x, y) = (
                frame.cell?.wrapped(frame.positions[i]), frame.cell?.wrapped(frame.positions[j])
              )
              let d = (y ?? frame.positions[j]) + image - (x ?? frame.positions[i])
              if norm(d) <= cutoff { rows.append(SIMD4(d, Double(j))) }
            }
          }
        }
      }
      return rows.sorted { key($0) < key($1) }
    }
  }

  func key(_ row: SIMD4<Double>) -> String { "\(row.w) \(row.x) \(row.y) \(row.z)" }

  static let cells: [Cell?] = [
    nil, Cell(rows: [8.6, 0, 0, 0, 8.6, 0, 0, 0, 8.6]),
    Cell(rows: [8.9, 0, 0, 1.3, 8.4, 0, -0.9, 0.8, 9.1]),
    Cell(rows: [2.1, 0, 0, 0.4, 1.9, 0, -0.3, 0.2, 2.4]),
    Cell(rows: [13, 0, 0, -6, 11, 0, 2, 5, 9.5]),
    Cell(rows: [0, 9, 0, 9, 0, 0, 0, 0, 4]),  // left-handed
  ]

  @Test(arguments: cells) func `the list holds the pairs of the plain search`(cell: Cell?) {
    var random = CounterRandom(seed: 3, purpose: "neighbors")
    let positions = (0..<24).map { _ in
      SIMD3(random.uniform(), random.uniform(), random.uniform()) * 20 - 5
    }
    var types = (0..<24).map { $0 % 2 }
    types[7] = -1
    let frame = Frame(types: types, positions: positions, cell: cell)
    let list = NeighborList(frame, cutoff: 3.2)
    let expected = allPairs(frame, cutoff: 3.2)
    for i in types.indices {
      let range = list.offsets[i]..<list.offsets[i + 1]
      let found = range.map { SIMD4(list.displacements[$0], Double(list.neighbors[$0])) }
      #expect(found.map(key).sorted() == expected[i].map(key).sorted())
      let distances = range.map { norm(list.displacements[$0]) }
      #expect(distances == distances.sorted())
    }
    #expect(expected.joined().count > 10)
  }

  @Test func `an atom at exactly the cutoff is a neighbor`() {
    let frame = Frame(types: [0, 0], positions: [.zero, SIMD3(0, 0, 4)], cell: nil)
    #expect(NeighborList(frame, cutoff: 4).neighbors == [1, 0])
    #expect(NeighborList(frame, cutoff: 3.999).neighbors.isEmpty)
  }

  @Test func `a lone atom in a small cell sees its own images`() throws {
    let cell = try #require(Cell(rows: [2, 0, 0, 0, 2, 0, 0, 0, 2]))
    let list = NeighborList(Frame(types: [0], positions: [.one], cell: cell), cutoff: 2)
    #expect(list.neighbors == [0, 0, 0, 0, 0, 0])
  }
}
