import BLAS
import DeepPotential

/// Errors of frame energies by what the frames are made of: how much of them is a constant for each
/// element.
///
/// Energies of two methods or codes differ by such constants, mostly, which no force shows and no
/// training of forces mends; a change of the energy bias does.
public struct EnergyOffsets: Sendable, Equatable {
  /// The errors of frames of one composition: their number, mean, and sum of squared deviations
  /// from the mean.
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

  /// No errors yet; atoms have `typeCount` types.
  public init(typeCount: Int) { self.typeCount = typeCount }

  /// Takes in the error in eV of the energy of a frame with atoms of `types` (-1 is no atom).
  public mutating func add(_ error: Double, types: [Int]) {
    var counts = Array(repeating: 0, count: typeCount)
    for type in types where type >= 0 { counts[type] += 1 }
    groups[counts, default: Group()].add(error)
  }

  /// Root mean square errors per atom in eV, as they are and with the best constant for each
  /// element taken away.
  public struct Comparison: Sendable, Equatable {
    /// With the errors as they are, and without what the constants explain.
    public var before: Double, after: Double
  }

  /// The comparison, if the errors are mostly constants: less than a third is left, and it is worth
  /// the trouble.
  ///
  /// Nil also for so few frames that constants explain anything.
  public var mostlyConstant: Comparison? {
    let frames = groups.values.reduce(0) { $0 + $1.count }
    guard frames >= max(5, 3 * Double(typeCount)), let comparison else { return nil }
    return comparison.before > 0.002 && comparison.after < comparison.before / 3 ? comparison : nil
  }

  /// By least squares as a change of the bias has them, with a row for each frame.
  private var comparison: Comparison? {
    // In a fixed order, since sums of rounded numbers depend on it.
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
