import Atoms
import Kernels

/// Moments of the environment rows around the atoms of each type, empty neighbor slots included.
///
/// Rows are those before normalization, `(w/ρ, w d/ρ²)`; an empty slot, and a neighbor that the descriptor
/// or the model excludes, counts as a row of zeros.
/// Source: docs/FORMATS.md, "Statistics"; DeePMD-kit's `EnvMatStatSe`.
public struct EnvironmentMoments: Sendable, Equatable, Codable {
  /// Moments of the radial numbers by type of the center, `[types]`.
  public var radial: [Moments]
  /// Moments of the three angular numbers together by type of the center, `[types]`.
  public var angular: [Moments]

  /// The moments of no frames.
  public init(typeCount: Int) {
    radial = Array(repeating: Moments(), count: typeCount)
    angular = radial
  }

  /// The moments that were gathered elsewhere, for as many types each.
  public init(radial: [Moments], angular: [Moments]) {
    precondition(radial.count == angular.count)
    self.radial = radial
    self.angular = angular
  }

  /// Takes in every atom of `frame`.
  ///
  /// `excluded` says of center and neighbor types, `[center * types + neighbor]`, who do not see each other.
  public mutating func add(_ frame: Frame, for descriptor: SeE2AOptions, excluded: [Bool]) {
    precondition(descriptor.slots.count == radial.count)
    precondition(excluded.count == radial.count * radial.count)
    let search = NeighborSearch(frame, cutoff: descriptor.outerCutoff), found = FoundNeighbors()
    for box in 0..<search.boxCount {
      search.forEachCenter(inBox: box, found) { center in
        add(center, found, search, frame.types, for: descriptor, excluded: excluded)
      }
    }
  }

  /// Takes in atom `center`, whose neighbors are `found`.
  private mutating func add(
    _ center: Int, _ found: FoundNeighbors, _ search: NeighborSearch, _ types: [Int],
    for descriptor: SeE2AOptions, excluded: [Bool]
  ) {
    let type = types[center], slotCount = descriptor.slots.reduce(0, +)
    var radial = Moments(count: slotCount), angular = Moments(count: 3 * slotCount)
    var free = descriptor.slots
    // The nearest come first: the first `slotCount` of any type, and of these the first of each type.
    for code in found.codes.prefix(slotCount) {
      let neighbor = search.images.atom(code), neighborType = types[neighbor]
      guard free[neighborType] > 0 else { continue }
      free[neighborType] -= 1
      if excluded[type * free.count + neighborType] { continue }
      let row = EnvironmentRow(
        search.positions[neighbor] + search.shifts[search.images.image(code)]
          - search.positions[center],
        inner: descriptor.innerCutoff, outer: descriptor.outerCutoff,
        protection: descriptor.protection
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

  /// The moments of both parts together.
  public static func + (a: EnvironmentMoments, b: EnvironmentMoments) -> EnvironmentMoments {
    EnvironmentMoments(
      radial: zip(a.radial, b.radial).map { $0 + $1 },
      angular: zip(a.angular, b.angular).map { $0 + $1 })
  }

  /// The mean rows (`davg`), `[types][slots][4]`: radial means, or zero; angular means are zero by symmetry.
  public func mean(slotCount: Int, isZero: Bool) -> [Double] {
    radial.flatMap { moments in
      repeatElement([isZero ? 0 : moments.mean, 0, 0, 0], count: slotCount).joined()
    }
  }

  /// The deviations of the rows (`dstd`), `[types][slots][4]`, at least 0.01.
  public func deviation(slotCount: Int) -> [Double] {
    zip(radial, angular).flatMap { radial, angular in
      let r = radial.deviation(atLeast: 0.01), a = angular.deviation(atLeast: 0.01)
      return repeatElement([r, a, a, a], count: slotCount).joined()
    }
  }
}
