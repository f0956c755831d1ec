/// Finds the neighbors of each atom of a frame: all atoms within a cutoff, including all periodic
/// images and the images of the atom itself.  Padding atoms (type -1) have no neighbors and are
/// none.
///
/// The time is proportional to the number of atoms.  All atoms in one box of a grid have the same
/// candidates, the atoms of the boxes around it.  The search collects their positions once, with
/// the shifts of the images added; then each atom of the box compares its distances to them, eight
/// at a time.
/// Source: docs/MATH.md, "Neighbor search".
public struct NeighborSearch: Sendable {
  /// The positions of all atoms, moved into the cell, in Å.
  public let positions: [SIMD3<Double>]
  /// The periodic images that the search reaches.
  public let images: PeriodicImages
  /// The shift of each image, in Å.
  public let shifts: [SIMD3<Double>]
  /// The largest distance of a neighbor, in Å.
  public let cutoff: Double
  private let grid: AtomGrid
  private let isPeriodic: Bool

  /// Prepares a search for neighbors with `|d| <= cutoff`, in Å.
  public init(_ frame: Frame, cutoff: Double) {
    precondition(cutoff > 0)
    self.cutoff = cutoff
    positions = frame.cell.map { cell in frame.positions.map(cell.wrapped) } ?? frame.positions
    isPeriodic = frame.cell != nil
    grid = AtomGrid(positions, types: frame.types, cell: frame.cell, cutoff: cutoff)
    var around = SIMD3<Int>.zero
    for axis in 0..<3 where frame.cell != nil {
      around[axis] = (grid.reach[axis] + grid.counts[axis] - 1) / grid.counts[axis]
    }
    images = PeriodicImages(of: frame.cell, atoms: frame.types.count, reach: around)
    shifts = images.shifts()
  }

  /// The number of boxes that contain atoms.
  public var boxCount: Int { grid.occupied.count }

  /// Calls `body` for each atom in box `box`, in order, with its neighbors in `found`: if
  /// `sorting`, nearest first, equal distances by neighbor index, then by displacement; otherwise
  /// in the order of the grid.
  public func forEachCenter(
    inBox box: Int, sorting: Bool = true, _ found: FoundNeighbors, _ body: (_ center: Int) -> Void
  ) {
    let index = grid.occupied[box], home = grid.starts[index]..<grid.starts[index + 1]
    let firstSelf = collectCandidates(around: index, into: found)
    for (number, place) in home.enumerated() {
      let center = Int(grid.atoms[place])
      found.select(
        around: positions[center], within: cutoff * cutoff, excluding: firstSelf + number)
      if sorting {
        found.listInOrder(around: positions[center], cutoff: cutoff, images)
      } else {
        found.list()
      }
      body(center)
    }
  }

  /// Collects the atoms of all boxes in reach of box `index`; gives the index among them of the
  /// box's own first atom.
  private func collectCandidates(around index: Int, into found: FoundNeighbors) -> Int {
    let home = grid.place(of: index), reach = grid.reach, counts = grid.counts
    var firstSelf = 0
    found.clearCandidates(roomFor: grid.largestNeighborhood)
    for x in home.x - reach.x...home.x + reach.x {
      guard let (bx, ix) = locate(x, counts.x) else { continue }
      for y in home.y - reach.y...home.y + reach.y {
        guard let (by, iy) = locate(y, counts.y) else { continue }
        let row = (bx * counts.y + by) * counts.z
        var z = home.z - reach.z
        while z <= home.z + reach.z {
          guard let (bz, iz) = locate(z, counts.z) else {
            z += 1
            continue
          }
          // The boxes up to the border of the cell are adjacent in memory.
          let last = min(bz + home.z + reach.z - z, counts.z - 1)
          let places = grid.starts[row + bz]..<grid.starts[row + last + 1]
          if ix == 0 && iy == 0 && iz == 0 && row + bz <= index && index <= row + last {
            firstSelf = found.candidateCount + grid.starts[index] - places.lowerBound
          }
          let image = images.number(of: SIMD3(ix, iy, iz))
          found.addCandidates(
            grid, places, shift: shifts[image], code: images.code(ofImage: image))
          z += last - bz + 1
        }
      }
    }
    found.endCandidates()
    return firstSelf
  }

  /// The box and the periodic image at place `k` on an axis of `count` boxes; nil outside the grid
  /// of a system without cell.
  private func locate(_ k: Int, _ count: Int) -> (box: Int, image: Int)? {
    if !isPeriodic { return k >= 0 && k < count ? (k, 0) : nil }
    let image = k >= 0 ? k / count : -((-k + count - 1) / count)
    return (k - image * count, image)
  }
}
