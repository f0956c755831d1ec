/// Atoms sorted into boxes of a regular grid in fractional coordinates.
struct AtomBins {
  /// Boxes along each axis.
  private let counts: SIMD3<Int>
  /// Boxes to look at on either side along each axis.
  private let reach: SIMD3<Int>
  /// Positions, wrapped into the cell.
  private let positions: [SIMD3<Double>]
  /// The box of each atom.
  private let home: [SIMD3<Int>]
  /// Atoms of box b are `atoms[starts[b]..<starts[b + 1]]`.
  private let starts: [Int]
  private let atoms: [Int32]
  private let cell: Cell?

  /// Sorts the atoms of `frame` into boxes for searches within `cutoff`; leaves out padding atoms.
  init(_ frame: Frame, cutoff: Double) {
    cell = frame.cell
    let wrapped = frame.cell.map { cell in frame.positions.map(cell.wrapped) } ?? frame.positions
    let real = frame.types.indices.filter { frame.types[$0] >= 0 }
    let span = AtomBins.span(of: real.map { wrapped[$0] }, in: frame.cell)
    let lengths = frame.cell?.heights ?? span.lengths
    // Boxes may be finer than one per atom only at a loss, so their number along an axis is bounded.
    let most = Int(Double(real.count).squareRoot().rounded(.up)) + 1
    var counts = SIMD3<Int>(repeating: 1)
    var reach = SIMD3<Int>(repeating: 0)
    for axis in 0..<3 {
      let fit = lengths[axis] / cutoff
      counts[axis] = fit.isFinite ? max(1, min(most, Int(fit))) : 1
      let width = lengths[axis] / Double(counts[axis])
      reach[axis] =
        frame.cell == nil && counts[axis] == 1 ? 0 : Int((cutoff / width).rounded(.up))
    }
    let home = wrapped.map { position in
      let u = frame.cell.map { $0.fractional(position) } ?? (position - span.low) / span.lengths
      var box = SIMD3<Int>(repeating: 0)
      for axis in 0..<3 where u[axis].isFinite {
        let last = Double(counts[axis] - 1)
        box[axis] = Int(min(max(u[axis] * Double(counts[axis]), 0), last))
      }
      return box
    }
    (self.counts, self.reach, self.positions, self.home) = (counts, reach, wrapped, home)
    func index(_ box: SIMD3<Int>) -> Int { (box.x * counts.y + box.y) * counts.z + box.z }
    var starts = Array(repeating: 0, count: counts.x * counts.y * counts.z + 1)
    for atom in real { starts[index(home[atom]) + 1] += 1 }
    for box in 1..<starts.count { starts[box] += starts[box - 1] }
    var next = starts
    var atoms = [Int32](repeating: 0, count: real.count)
    for atom in real {
      let box = index(home[atom])
      atoms[next[box]] = Int32(atom)
      next[box] += 1
    }
    (self.starts, self.atoms) = (starts, atoms)
  }

  /// Calls `body` with every neighbor of `center` no farther than `cutoff`, in no useful order.
  func forEachNeighbor(
    of center: Int, within cutoff: Double, _ body: (NeighborList.Candidate) -> Void
  ) {
    let origin = positions[center], box = home[center]
    let limit = cutoff * cutoff
    for x in box.x - reach.x...box.x + reach.x {
      guard let (bx, ix) = locate(x, counts.x) else { continue }
      for y in box.y - reach.y...box.y + reach.y {
        guard let (by, iy) = locate(y, counts.y) else { continue }
        for z in box.z - reach.z...box.z + reach.z {
          guard let (bz, iz) = locate(z, counts.z) else { continue }
          let isHome = ix == 0 && iy == 0 && iz == 0
          let image = cell?.vector(SIMD3(Double(ix), Double(iy), Double(iz))) ?? .zero
          let index = (bx * counts.y + by) * counts.z + bz
          for atom in atoms[starts[index]..<starts[index + 1]] {
            if isHome && Int(atom) == center { continue }
            let d = positions[Int(atom)] + image - origin
            let squared = dot(d, d)
            if squared <= limit {
              body(.init(squaredDistance: squared, neighbor: atom, displacement: d))
            }
          }
        }
      }
    }
  }

  /// The box and the periodic image that place `k` on an axis of `count` boxes means; nil outside open space.
  private func locate(_ k: Int, _ count: Int) -> (box: Int, image: Int)? {
    if cell == nil { return k >= 0 && k < count ? (k, 0) : nil }
    let image = k >= 0 ? k / count : -((-k + count - 1) / count)
    return (k - image * count, image)
  }

  /// The box around `points`, never flat.
  private static func span(
    of points: [SIMD3<Double>], in cell: Cell?
  ) -> (low: SIMD3<Double>, lengths: SIMD3<Double>) {
    guard cell == nil, let first = points.first else { return (.zero, .one) }
    var low = first, high = first
    for point in points {
      low = pointwiseMin(low, point)
      high = pointwiseMax(high, point)
    }
    return (low, pointwiseMax(high - low, SIMD3(repeating: 1e-6)))
  }
}
