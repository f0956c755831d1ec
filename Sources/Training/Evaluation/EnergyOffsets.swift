import BLAS
import DeepPotential

/// Tells how much of the errors of frame energies is a constant for each element.
///
/// Energies of two methods or codes differ mostly by such constants.  Forces do not depend on them,
/// so training on forces does not remove them; a change of the energy bias does.
public struct EnergyOffsets: Sendable, Equatable {
  /// The errors of the frames of one composition: their number, their mean, and the sum of squared
  /// deviations from the mean.
  private struct Group: Sendable, Equatable {
    var count = 0.0, mean = 0.0, squares = 0.0

    mutating func add(_ error: Double) {
      count += 1
      let change = error - mean
      mean += change / count
      squares += change * (error - mean)
    }
  }

  /// Groups by the number of atoms of each type, `[types]`.
  private var groups: [[Int]: Group] = [:]
  private let typeCount: Int

  /// Starts without errors; atoms have `typeCount` types.
  public init(typeCount: Int) { self.typeCount = typeCount }

  /// Adds the error in eV of the energy of a frame whose atoms have these `types` (-1 is no atom).
  public mutating func add(_ error: Double, types: [Int]) {
    var counts = Array(repeating: 0, count: typeCount)
    for type in types where type >= 0 { counts[type] += 1 }
    groups[counts, default: Group()].add(error)
  }

  /// Root mean square errors per atom in eV, before and after the best constant for each element is
  /// subtracted.
  public struct Comparison: Sendable, Equatable {
    /// The error as it is, and the error that the constants leave.
    public var before: Double, after: Double
  }

  /// The comparison, if the errors are mostly constants: at most a third is left, and the reduction
  /// is worth mentioning.
  ///
  /// It is nil if the frames are so few that constants explain any errors.
  public var mostlyConstant: Comparison? {
    let frames = groups.values.reduce(0) { $0 + $1.count }
    guard frames >= max(5, 3 * Double(typeCount)), let comparison else { return nil }
    return comparison.before > 0.002 && comparison.after < comparison.before / 3 ? comparison : nil
  }

  /// Fits the constants by least squares, as a change of the bias does, with a row for each frame.
  private var comparison: Comparison? {
    // The order is fixed because the rounding of a sum depends on its order.
    let sorted = groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    let weights = sorted.map { $0.value.count.squareRoot() }
    let matrix = zip(sorted, weights).flatMap { group, weight in
      group.key.map { weight * Double($0) }
    }
    let means = zip(sorted, weights).map { $1 * $0.value.mean }
    let cutoff = Double.ulpOfOne * Double(max(sorted.count, typeCount))
    guard
      let offsets = minimumNormLeastSquares(
        matrix, rows: sorted.count, columns: typeCount, means, singularCutoff: cutoff)
    else { return nil }
    var before = 0.0, after = 0.0, frames = 0.0
    for (counts, group) in sorted {
      let atoms = Double(max(1, counts.reduce(0, +)))
      let offset = zip(counts, offsets).reduce(0) { $0 + Double($1.0) * $1.1 }
      let rest = group.mean - offset
      before += (group.squares + group.count * group.mean * group.mean) / (atoms * atoms)
      after += (group.squares + group.count * rest * rest) / (atoms * atoms)
      frames += group.count
    }
    return Comparison(before: (before / frames).squareRoot(), after: (after / frames).squareRoot())
  }
}
