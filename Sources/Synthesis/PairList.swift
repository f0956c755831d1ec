import Atoms

/// Two atoms close to each other: `j` and its image that lies `shift` away, seen from `i`.
package struct Pair: Sendable, Equatable {
  /// The two atoms; `i <= j`, equal for an atom and an image of itself.
  package let i: Int, j: Int
  /// Whole cell vectors, in Å: the displacement is `x_j + shift - x_i`.
  package let shift: SIMD3<Double>
}

/// All pairs of atoms within a radius, every pair once, every periodic image, in a fixed order.
///
/// Of the displacement `Σ_k (f_k + n_k) a_k`, with `f` the fractional difference of the two atoms
/// and `n` the image, `|f_k + n_k| h_k` is the part along the normal of face k, where `h_k` is the
/// height of the cell over it.  No image beyond `|f_k + n_k| <= R / h_k` can be within R, whatever
/// the cell's shape and size: three short loops find all of them, and mostly there is one or none.
/// Source: docs/SYNTHESIS.md, (1).
package struct PairList: Sendable {
  /// Pairs that are `cutoff` Å apart or less are found.
  package let cutoff: Double
  /// The additional distance in Å up to which pairs are on the list, so that the list lasts for
  /// several steps.
  package let skin: Double
  /// The periodic cell; nil without periodicity.
  package let cell: Cell?
  /// The pairs by `i`, then `j`, then image, up to the distance cutoff + skin.
  package private(set) var pairs: [Pair] = []
  private var knownPositions: [SIMD3<Double>] = []

  /// Makes the list for `positions`, in Å.
  package init(
    _ positions: [SIMD3<Double>], cell: Cell?, cutoff: Double, skin: Double = 0
  ) {
    (self.cell, self.cutoff, self.skin) = (cell, cutoff, skin)
    rebuild(positions)
  }

  /// Brings the list up to date for `positions`: makes it anew if two atoms may have come `skin`
  /// closer since it was made.
  package mutating func update(_ positions: [SIMD3<Double>]) {
    let limit = 0.25 * skin * skin  // both atoms of a pair may move: half the skin each
    for (new, old) in zip(positions, knownPositions) {
      let move = new - old
      if dot(move, move) > limit { return rebuild(positions) }
    }
  }

  private mutating func rebuild(_ positions: [SIMD3<Double>]) {
    pairs.removeAll(keepingCapacity: true)
    knownPositions = positions
    let radius = cutoff + skin
    guard let cell else {
      for i in positions.indices {
        for j in i + 1..<positions.count where norm(positions[j] - positions[i]) <= radius {
          pairs.append(Pair(i: i, j: j, shift: .zero))
        }
      }
      return
    }
    let reach = radius / cell.heights
    for i in positions.indices {
      for j in i..<positions.count { appendImages(positions, i, j, in: cell, reach: reach) }
    }
  }

  /// Appends the images of `j` near `i`; `reach` is the radius over the cell's heights.
  private mutating func appendImages(
    _ positions: [SIMD3<Double>], _ i: Int, _ j: Int, in cell: Cell, reach: SIMD3<Double>
  ) {
    let d = positions[j] - positions[i]
    let f = cell.fractional(d)
    let low = (-reach - f).rounded(.up), high = (reach - f).rounded(.down)
    guard low.x <= high.x, low.y <= high.y, low.z <= high.z else { return }
    for nx in stride(from: low.x, through: high.x, by: 1) {
      for ny in stride(from: low.y, through: high.y, by: 1) {
        for nz in stride(from: low.z, through: high.z, by: 1) {
          // An atom and its image n are the same pair as the atom and its image -n: keep one.
          if i == j && (nx, ny, nz) <= (0, 0, 0) { continue }
          let shift = cell.vector(SIMD3(nx, ny, nz))
          if norm(d + shift) <= cutoff + skin { pairs.append(Pair(i: i, j: j, shift: shift)) }
        }
      }
    }
  }
}
