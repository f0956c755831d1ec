import Atoms
import Random
import Testing

/// A neighbor as the tests compare it.
private struct Neighbor: Equatable, Comparable {
  let squaredDistance: Double, atom: Int, displacement: SIMD3<Double>

  static func < (a: Neighbor, b: Neighbor) -> Bool {
    let (d, e) = (a.displacement, b.displacement)
    return (a.squaredDistance, a.atom, d.x, d.y, d.z)
      < (b.squaredDistance, b.atom, e.x, e.y, e.z)
  }
}

/// The plain twin: every image in reach of every atom, tested one by one, nearest first.
private func plainNeighbors(_ frame: Frame, cutoff: Double) -> [[Neighbor]] {
  let wrapped = frame.positions.map { frame.cell?.wrapped($0) ?? $0 }
  var reach = SIMD3<Int>.zero
  if let heights = frame.cell?.heights {
    for axis in 0..<3 { reach[axis] = Int(cutoff / heights[axis]) + 1 }
  }
  let real = frame.types.indices.filter { frame.types[$0] >= 0 }
  return frame.types.indices.map { i in
    var found: [Neighbor] = []
    for j in real where frame.types[i] >= 0 {
      for a in -reach.x...reach.x {
        for b in -reach.y...reach.y {
          for c in -reach.z...reach.z where i != j || a != 0 || b != 0 || c != 0 {
            let image = frame.cell?.vector(SIMD3(Double(a), Double(b), Double(c))) ?? .zero
            let d = wrapped[j] + image - wrapped[i]
            if dot(d, d) <= cutoff * cutoff {
              found.append(Neighbor(squaredDistance: dot(d, d), atom: j, displacement: d))
            }
          }
        }
      }
    }
    return found.sorted()
  }
}

/// What the search finds, in its order; `found` may have served other frames.
private func neighbors(
  _ frame: Frame, cutoff: Double, sorting: Bool = true, with found: FoundNeighbors = .init()
) -> [[Neighbor]] {
  let search = NeighborSearch(frame, cutoff: cutoff)
  var all: [[Neighbor]] = frame.types.map { _ in [] }
  for box in 0..<search.boxCount {
    search.forEachCenter(inBox: box, sorting: sorting, found) { center in
      all[center] = zip(found.codes, found.squaredDistances).map { code, squared in
        let atom = search.images.atom(code)
        let d =
          search.positions[atom] + search.shifts[search.images.image(code)]
          - search.positions[center]
        return Neighbor(squaredDistance: squared, atom: atom, displacement: d)
      }
    }
  }
  return all
}

private func randomFrame(atoms: Int, spread: Double, cell: Cell?) -> Frame {
  var random = CounterRandom(seed: 3, purpose: "neighbors")
  let positions = (0..<atoms).map { _ in
    SIMD3(random.uniform(), random.uniform(), random.uniform()) * spread - 5
  }
  var types = (0..<atoms).map { $0 % 2 }
  if atoms > 7 { types[7] = -1 }
  return Frame(types: types, positions: positions, cell: cell)
}

@Suite struct NeighborSearchTests {
  static let cells: [Cell?] = [
    nil, Cell(rows: [8.6, 0, 0, 0, 8.6, 0, 0, 0, 8.6]),
    Cell(rows: [8.9, 0, 0, 1.3, 8.4, 0, -0.9, 0.8, 9.1]),
    Cell(rows: [2.1, 0, 0, 0.4, 1.9, 0, -0.3, 0.2, 2.4]),
    Cell(rows: [0.9, 0, 0, 0, 1.1, 0, 0, 0, 30]),  // four images to either side, or none
    Cell(rows: [13, 0, 0, -6, 11, 0, 2, 5, 9.5]),
    Cell(rows: [0, 9, 0, 9, 0, 0, 0, 0, 4]),  // left-handed
  ]

  @Test(arguments: cells, [1, 2, 24, 100])
  func `the search finds the pairs of the plain search in its order`(cell: Cell?, atoms: Int) {
    let frame = randomFrame(atoms: atoms, spread: 20, cell: cell)
    let expected = plainNeighbors(frame, cutoff: 3.2)
    #expect(neighbors(frame, cutoff: 3.2) == expected)
    #expect(neighbors(frame, cutoff: 3.2, sorting: false).map { $0.sorted() } == expected)
    #expect(atoms < 24 || expected.joined().count > 10)
  }

  @Test func `equal distances are ordered by neighbor, then by displacement`() throws {
    // A perfect lattice of whole numbers: shells of exactly equal distances, in four images of each
    // atom.
    let cell = try #require(Cell(rows: [4, 0, 0, 0, 4, 0, 0, 0, 4]))
    var positions: [SIMD3<Double>] = []
    for x in 0..<4 {
      for y in 0..<4 { for z in 0..<4 { positions.append(SIMD3(Double(x), Double(y), Double(z))) } }
    }
    let frame = Frame(types: positions.map { _ in 0 }, positions: positions, cell: cell)
    let found = neighbors(frame, cutoff: 4)
    #expect(found == plainNeighbors(frame, cutoff: 4))
    #expect(found.allSatisfy { $0.count == 256 })
  }

  @Test func `atoms far apart in the open and crowded ones are found alike`() {
    // Two clumps 10^6 Å apart: a grid of half cutoffs would have 10^18 boxes.
    var frame = randomFrame(atoms: 40, spread: 6, cell: nil)
    for i in 20..<40 { frame.positions[i] += SIMD3(repeating: 1e6) }
    #expect(neighbors(frame, cutoff: 3) == plainNeighbors(frame, cutoff: 3))
  }

  @Test func `what a search leaves in memory does not change the next`() {
    let found = FoundNeighbors()
    let large = randomFrame(atoms: 60, spread: 9, cell: nil)
    let small = randomFrame(atoms: 9, spread: 5, cell: Self.cells[1])
    for frame in [small, large, small] {
      #expect(neighbors(frame, cutoff: 4, with: found) == plainNeighbors(frame, cutoff: 4))
    }
  }

  @Test func `atoms at one place are neighbors at no distance`() {
    let frame = Frame(types: [0, 0], positions: [.one, .one], cell: nil)
    #expect(neighbors(frame, cutoff: 1).map { $0.map(\.squaredDistance) } == [[0], [0]])
  }

  @Test func `an atom at exactly the cutoff is a neighbor`() {
    let frame = Frame(types: [0, 0], positions: [.zero, SIMD3(0, 0, 4)], cell: nil)
    #expect(neighbors(frame, cutoff: 4).map { $0.map(\.atom) } == [[1], [0]])
    #expect(neighbors(frame, cutoff: 4.0.nextDown) == [[], []])
  }

  @Test(arguments: [3, 4, 6, 12.0])
  func `rounding at the borders of boxes loses no atom at the cutoff`(edge: Double) throws {
    // Atoms at whole numbers of cutoffs lie on borders; which box they fall in is left to rounding.
    let cell = try #require(Cell(rows: [edge, 0, 0, 0, edge, 0, 0, 0, edge]))
    let positions = (0..<Int(edge)).map { SIMD3(Double($0), 0, 0) }
    let frame = Frame(types: positions.map { _ in 0 }, positions: positions, cell: cell)
    #expect(neighbors(frame, cutoff: 3) == plainNeighbors(frame, cutoff: 3))
  }

  @Test func `a lone atom in a small cell sees its own images`() throws {
    let cell = try #require(Cell(rows: [2, 0, 0, 0, 2, 0, 0, 0, 2]))
    let frame = Frame(types: [0], positions: [.one], cell: cell)
    #expect(neighbors(frame, cutoff: 2)[0].map(\.atom) == [0, 0, 0, 0, 0, 0])
  }

  @Test func `frames of nothing but padding atoms have no neighbors`() {
    let frame = Frame(types: [-1, -1], positions: [.zero, .one], cell: nil)
    #expect(neighbors(frame, cutoff: 2) == [[], []])
  }
}
