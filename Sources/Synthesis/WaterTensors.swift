import Atoms

/// The dipole and the polarizability of one molecule.
package struct MoleculeTensors: Sendable {
  /// Dipole moment in e Å.
  package let dipole: SIMD3<Double>
  /// Polarizability in Å³, `[3][3]`.
  package let polarizability: Matrix3
}

extension FlexibleWater {
  /// The dipole and the polarizability of each molecule at `positions`, in Å, in `cell`.
  ///
  /// The dipole is that of the model's charges.  Molecules do not polarize each other.
  /// Source: docs/SYNTHESIS.md, (10) and (11).
  package func tensors(at positions: [SIMD3<Double>], in cell: Cell?) -> [MoleculeTensors] {
    (0..<molecules).map { m in
      let arms = [0, 1].map { k in
        shortest(positions[molecules + 2 * m + k] - positions[m], in: cell)
      }
      return MoleculeTensors(
        dipole: -0.5 * Parameters.oxygenCharge * (arms[0] + arms[1]),
        polarizability: tholePolarizability(
          of: [
            (.zero, TholeParameters.oxygen), (arms[0], TholeParameters.hydrogen),
            (arms[1], TholeParameters.hydrogen),
          ]))
    }
  }
}

/// Parameters of Thole's modified dipole interaction with a linear density.
///
/// Source: Thole, Chem. Phys. 59, 341 (1981), table 3.
private enum TholeParameters {
  /// Polarizabilities of atoms, Å³.
  static let oxygen = 0.862, hydrogen = 0.514
  /// The width of an atom's density, in units of `(α_p α_q)^(1/6)`.
  static let width = 1.662
}

/// The polarizability in Å³ of sites in Å with polarizabilities of their own in Å³ that act on each
/// other: the sum of all blocks of the inverse of `α⁻¹ + T`.
private func tholePolarizability(
  of sites: [(position: SIMD3<Double>, polarizability: Double)]
) -> Matrix3 {
  let size = 3 * sites.count
  // Each row: the matrix, then the three unit fields that act on all sites.
  var rows = Array(repeating: Array(repeating: 0.0, count: size + 3), count: size)
  for (p, one) in sites.enumerated() {
    for k in 0..<3 {
      rows[3 * p + k][3 * p + k] = 1 / one.polarizability
      rows[3 * p + k][size + k] = 1
    }
    for (q, other) in sites.enumerated() where q != p {
      let d = other.position - one.position, r = norm(d)
      let v = min(
        1, r / (TholeParameters.width * sixthRoot(one.polarizability * other.polarizability)))
      let v3 = v * v * v
      for k in 0..<3 {
        for l in 0..<3 {
          let along = 3 * v3 * v * d[k] * d[l] / (r * r * r * r * r)
          rows[3 * p + k][3 * q + l] =
            (k == l ? (4 * v3 - 3 * v3 * v) / (r * r * r) : 0) - along
        }
      }
    }
  }
  let dipoles = solved(rows)
  /// The dipole of all sites along axis `k`, for the three fields.
  func dipole(_ k: Int) -> SIMD3<Double> {
    var sum = SIMD3<Double>.zero
    for p in sites.indices {
      let row = dipoles[3 * p + k]
      sum += SIMD3(row[0], row[1], row[2])
    }
    return sum
  }
  return Matrix3(x: dipole(0), y: dipole(1), z: dipole(2))
}

/// The sixth root, by Newton's method from 1: the same bits with every C library.
private func sixthRoot(_ x: Double) -> Double {
  var root = 1.0
  for _ in 0..<60 {
    let fifth = root * root * root * root * root
    root -= (fifth * root - x) / (6 * fifth)
  }
  return root
}

/// The solutions of a linear system with several right-hand sides, which follow the matrix in each
/// row; the matrix is symmetric and positive definite, so it needs no pivots.
private func solved(_ system: [[Double]]) -> [[Double]] {
  var rows = system
  let size = rows.count
  for k in 0..<size {
    let pivot = rows[k][k]
    for j in k..<rows[k].count { rows[k][j] /= pivot }
    for i in 0..<size where i != k {
      let factor = rows[i][k]
      for j in k..<rows[i].count { rows[i][j] -= factor * rows[k][j] }
    }
  }
  return rows.map { Array($0[size...]) }
}
