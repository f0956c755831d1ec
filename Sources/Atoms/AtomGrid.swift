/// Atoms sorted into the boxes of a regular grid in fractional coordinates; without a cell, the
/// grid encloses the atoms.
///
/// The boxes are a little wider than half a cutoff where the cell allows it, and there are not many
/// more boxes than atoms.
struct AtomGrid: Sendable {
  /// The number of boxes along each axis.
  let counts: SIMD3<Int>
  /// The number of boxes to search on either side along each axis.
  let reach: SIMD3<Int>
  /// The atoms of box b are at `starts[b]..<starts[b + 1]` in `atoms`, in order.
  let starts: [Int]
  /// Indices of atoms in the frame, box by box, with room for a whole vector after the last.
  let atoms: [UInt32]
  /// Positions of the atoms box by box, `[3][stride]`, with room for a whole vector after the last.
  let coordinates: [Double]
  /// The count of numbers from one coordinate to the next.
  let stride: Int
  /// The largest number of atoms within reach of any box.
  let largestNeighborhood: Int
  /// The boxes that contain atoms.
  let occupied: [Int]

  /// Sorts the atoms at `positions`, which are within `cell`, for searches within `cutoff`; padding
  /// atoms are left out.
  init(_ positions: [SIMD3<Double>], types: [Int], cell: Cell?, cutoff: Double) {
    let real = types.indices.filter { types[$0] >= 0 }
    let (low, lengths) = AtomGrid.extent(of: positions, real, in: cell)
    let counts = AtomGrid.counts(lengths, cutoff: cutoff, atoms: real.count)
    var reach = SIMD3<Int>.zero
    for axis in 0..<3 where cell != nil || counts[axis] > 1 {
      // The reach is a little more than the cutoff, so that rounding does not lose a neighbor at
      // the very border.
      let boxes = (cutoff / lengths[axis] * Double(counts[axis]) + 1e-9).rounded(.up)
      reach[axis] = cell == nil ? min(Int(boxes), counts[axis]) : Int(boxes)
    }
    (self.counts, self.reach) = (counts, reach)
    let homes = real.map { atom in
      let u = cell?.fractional(positions[atom]) ?? (positions[atom] - low) / lengths
      return AtomGrid.home(of: u, counts)
    }
    var starts = Array(repeating: 0, count: counts.x * counts.y * counts.z + 1)
    for home in homes { starts[home + 1] += 1 }
    occupied = starts.indices.dropLast().filter { starts[$0 + 1] > 0 }
    for box in 1..<starts.count { starts[box] += starts[box - 1] }
    let crowd = occupied.map { starts[$0 + 1] - starts[$0] }.max() ?? 0
    largestNeighborhood = crowd * (2 * reach.x + 1) * (2 * reach.y + 1) * (2 * reach.z + 1)
    stride = real.count + laneCount
    var next = starts
    var atoms = [UInt32](repeating: 0, count: stride)
    var coordinates = [Double](repeating: 0, count: 3 * stride)
    for (atom, home) in zip(real, homes) {
      let place = next[home]
      next[home] += 1
      atoms[place] = UInt32(atom)
      for axis in 0..<3 { coordinates[axis * stride + place] = positions[atom][axis] }
    }
    (self.starts, self.atoms, self.coordinates) = (starts, atoms, coordinates)
  }

  /// The place of box `index` along each axis.
  func place(of index: Int) -> SIMD3<Int> {
    SIMD3(index / (counts.y * counts.z), index / counts.z % counts.y, index % counts.z)
  }

  /// The box that contains the fractional coordinates `u`; an atom at a border may be rounded into
  /// the next cell.
  private static func home(of u: SIMD3<Double>, _ counts: SIMD3<Int>) -> Int {
    var box = SIMD3<Int>.zero
    for axis in 0..<3 where u[axis].isFinite {
      box[axis] = Int(min(max(u[axis] * Double(counts[axis]), 0), Double(counts[axis] - 1)))
    }
    return (box.x * counts.y + box.y) * counts.z + box.z
  }

  /// The number of boxes along axes of `lengths`: half a cutoff wide, but in all not many more than
  /// `atoms`.
  private static func counts(_ lengths: SIMD3<Double>, cutoff: Double, atoms: Int) -> SIMD3<Int> {
    var counts = SIMD3<Int>(repeating: 1)
    for axis in 0..<3 {
      // A box of exactly half a cutoff would need a third neighbor because of rounding.
      let fit = lengths[axis] / (0.5 * cutoff) * (1 - 1e-9)
      if fit.isFinite { counts[axis] = Int(min(max(fit, 1), 0x1p20)) }
    }
    while counts.x * counts.y * counts.z > 2 * atoms + 64 {
      for axis in 0..<3 where counts[axis] == counts.max() { counts[axis] = (counts[axis] + 1) / 2 }
    }
    return counts
  }

  /// The origin of the grid and the lengths of its axes, none of which is zero.
  private static func extent(
    of positions: [SIMD3<Double>], _ atoms: [Int], in cell: Cell?
  ) -> (low: SIMD3<Double>, lengths: SIMD3<Double>) {
    if let cell { return (.zero, cell.heights) }
    guard let first = atoms.first else { return (.zero, .one) }
    var low = positions[first], high = low
    for atom in atoms {
      low = pointwiseMin(low, positions[atom])
      high = pointwiseMax(high, positions[atom])
    }
    return (low, pointwiseMax(high - low, SIMD3(repeating: 1e-6)))
  }
}
