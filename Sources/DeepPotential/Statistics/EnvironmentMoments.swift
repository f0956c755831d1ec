import Atoms
import Kernels

/// Moments of the environment rows of the atoms of each type.
///
/// The rows are not normalized: `(w/ρ, w d/ρ²)`.  An empty slot counts as a row of zeros, and so
/// does a neighbor that the descriptor or the model excludes.
/// Source: docs/FORMATS.md, "Statistics"; DeePMD-kit's `EnvMatStatSe`.
public struct EnvironmentMoments: Sendable, Equatable, Codable {
  /// Moments of the radial components, in 1/Å, by type of the center, `[types]`.
  public var radial: [Moments]
  /// Moments of all three angular components together, in 1/Å, by type of the center, `[types]`.
  public var angular: [Moments]

  /// Starts without frames.
  public init(typeCount: Int) {
    radial = Array(repeating: Moments(), count: typeCount)
    angular = radial
  }

  /// Makes moments from those of both kinds of components, each `[types]`.
  public init(radial: [Moments], angular: [Moments]) {
    precondition(radial.count == angular.count)
    self.radial = radial
    self.angular = angular
  }

  /// Adds the rows of all atoms of `frame`, whose neighbors are chosen by `rule`.
  public mutating func add(_ frame: Frame, for list: ListOptions, _ rule: NeighborRule) {
    precondition(rule.typeCount == radial.count)
    let search = NeighborSearch(frame, cutoff: rule.cutoff), found = FoundNeighbors()
    let filler = SlotFiller(rule)
    for box in 0..<search.boxCount {
      search.forEachCenter(inBox: box, found) { center in
        filler.fill(center: frame.types[center], found, types: frame.types, search.images)
        add(center, of: frame.types[center], found, search, filler, for: list)
      }
    }
  }

  /// Adds the rows of atom `center` of `type`; `filler` has given slots to its neighbors `found`.
  private mutating func add(
    _ center: Int, of type: Int, _ found: FoundNeighbors, _ search: NeighborSearch,
    _ filler: SlotFiller, for list: ListOptions
  ) {
    let slotCount = filler.rule.slotCount
    var radial = Moments(count: slotCount), angular = Moments(count: 3 * slotCount)
    for k in 0..<filler.count where filler.isPair(k) {
      let code = found.codes[k]
      let row = EnvironmentRow(
        search.positions[search.images.atom(code)] + search.shifts[search.images.image(code)]
          - search.positions[center],
        inner: list.innerCutoff, outer: list.outerCutoff,
        protection: list.protection
      ).row
      let squares = row * row
      radial.sum += row.r0
      radial.squares += squares.r0
      angular.sum += row.r1 + row.r2 + row.r3
      angular.squares += squares.r1 + squares.r2 + squares.r3
    }
    self.radial[type] = self.radial[type] + radial
    self.angular[type] = self.angular[type] + angular
  }

  /// The sum of the moments of two sets of frames.
  public static func + (a: EnvironmentMoments, b: EnvironmentMoments) -> EnvironmentMoments {
    EnvironmentMoments(
      radial: zip(a.radial, b.radial).map { $0 + $1 },
      angular: zip(a.angular, b.angular).map { $0 + $1 })
  }

  /// The mean rows (`davg`) in 1/Å, `[types][slots][rowWidth]`.
  ///
  /// Radial components have their mean, or zero if `isZero`; the mean of angular components is zero
  /// by symmetry.
  public func mean(slotCount: Int, rowWidth: Int = 4, isZero: Bool) -> [Double] {
    radial.flatMap { moments in
      let row = [isZero ? 0 : moments.mean, 0, 0, 0].prefix(rowWidth)
      return repeatElement(row, count: slotCount).joined()
    }
  }

  /// The deviations of the rows (`dstd`) in 1/Å, `[types][slots][rowWidth]`, at least 0.01.
  public func deviation(slotCount: Int, rowWidth: Int = 4) -> [Double] {
    zip(radial, angular).flatMap { radial, angular in
      let r = radial.deviation(atLeast: 0.01), a = angular.deviation(atLeast: 0.01)
      return repeatElement([r, a, a, a].prefix(rowWidth), count: slotCount).joined()
    }
  }
}
