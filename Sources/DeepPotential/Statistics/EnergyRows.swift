import Atoms
import BLAS

/// The energy of an atom of each type that explains frame energies best, in eV.
public struct EnergyBias: Sendable, Equatable {
  /// Energy of an atom by type (`out_bias`), `[types]`.
  public var values: [Double]
  /// Population deviation of what the bias leaves of the frame energies (`out_std`).
  public var deviation: Double

  /// Puts the two together.
  public init(values: [Double], deviation: Double) {
    self.values = values
    self.deviation = deviation
  }
}

/// Frame energies and what the frames are made of: the rows of the least squares for the energy bias.
public struct EnergyRows: Sendable, Equatable, Codable {
  /// Number of types.
  public let typeCount: Int
  /// Atoms of each type, `[frames][types]`.
  public private(set) var counts: [Double] = []
  /// Energies in eV, `[frames]`.
  public private(set) var energies: [Double] = []

  /// No rows.
  public init(typeCount: Int) { self.typeCount = typeCount }

  /// Adds the row of a frame with atoms of `types` (-1 is no atom) and `energy` in eV.
  public mutating func add(types: [Int], energy: Double) {
    var row = Array(repeating: 0.0, count: typeCount)
    for type in types where type >= 0 { row[type] += 1 }
    counts += row
    energies.append(energy)
  }

  /// Adds a row that counts as `weight`² rows of frames with `counts` atoms of each type and `energy` in eV.
  public mutating func add(counts row: [Int], energy: Double, weight: Double) {
    precondition(row.count == typeCount)
    counts += row.map { weight * Double($0) }
    energies.append(weight * energy)
  }

  /// Appends the rows of another part.
  public static func += (a: inout EnergyRows, b: EnergyRows) {
    precondition(a.typeCount == b.typeCount)
    a.counts += b.counts
    a.energies += b.energies
  }

  /// The bias by least squares, of minimum norm where the frames do not determine it; zero without rows.
  ///
  /// Atoms of `excluded` types do not count.  Types with a `preset` energy keep it.  Singular values up to
  /// `singularCutoff` (`rcond`) times the largest are dropped; by default, as numpy's `lstsq` has it, the
  /// rounding error of a double times the larger dimension.
  /// Source: docs/FORMATS.md, "Statistics"; DeePMD-kit's `compute_stats_from_redu`.
  public func bias(
    excluded: [Int] = [], preset: [Double?] = [], singularCutoff: Double? = nil
  ) -> EnergyBias {
    var matrix = counts, y = energies
    let fixed = (0..<typeCount).map { type in preset.indices.contains(type) ? preset[type] : nil }
    for frame in energies.indices {
      for type in 0..<typeCount {
        let place = frame * typeCount + type
        if excluded.contains(type) { matrix[place] = 0 }
        if let energy = fixed[type] {
          y[frame] -= matrix[place] * energy
          matrix[place] = 0
        }
      }
    }
    let cutoff = singularCutoff ?? Double.ulpOfOne * Double(max(y.count, typeCount))
    guard
      let fitted = minimumNormLeastSquares(
        matrix, rows: y.count, columns: typeCount, y, singularCutoff: cutoff)
    else { preconditionFailure("frame energies must be finite") }
    let rests = y.indices.map { frame in
      y[frame] - (0..<typeCount).reduce(0) { $0 + matrix[frame * typeCount + $1] * fitted[$1] }
    }
    return EnergyBias(
      values: zip(fixed, fitted).map { $0 ?? $1 }, deviation: EnergyRows.deviation(rests))
  }

  /// The population deviation, in two passes so that large common energies do not drown it.
  private static func deviation(_ x: [Double]) -> Double {
    guard !x.isEmpty else { return 0 }
    let mean = x.reduce(0, +) / Double(x.count)
    return (x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)).squareRoot()
  }
}
