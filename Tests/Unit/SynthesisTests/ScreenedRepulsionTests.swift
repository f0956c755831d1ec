import Synthesis
import Testing

@Suite struct ScreenedRepulsionTests {
  /// Energies in eV of LAMMPS (22 July 2025), `pair_style zbl 8.0 9.0`, whose switch takes less
  /// than 0.2 eV from the heaviest pair.
  static let published: [(Int, Int, r: Double, energy: Double)] = [
    (1, 1, 0.05, 228.34438422601465), (1, 1, 0.3, 16.5391210852769),
    (8, 1, 0.05, 1713.097771133741), (8, 1, 0.3, 103.3330837760436),
    (8, 8, 0.05, 12886.725331052286), (8, 8, 0.3, 655.7856141474892),
    (29, 78, 0.05, 389745.8241712336), (29, 78, 0.3, 13125.916080165287),
    (6, 14, 0.05, 16718.96073080535), (6, 14, 0.3, 824.3820120565279),
  ]

  @Test(arguments: published) func `energies are those of LAMMPS`(
    a: Int, b: Int, r: Double, energy: Double
  ) {
    let found = ScreenedRepulsion(a, b).energy(at: r)
    #expect(abs(found - energy) <= 1e-4 * energy)
    #expect(abs(found - ScreenedRepulsion(b, a).energy(at: r)) <= 1e-14 * found)
  }

  @Test func `a table has the energies of all pairs, whole inside and zero at its end`() {
    let table = RepulsionTable(numbers: [8, 1], inner: 1, outer: 2, spacing: 0.005)
    #expect(table.rows.count == 400)
    for (k, row) in table.rows.enumerated() {
      #expect(row.count == 4 && abs(row[0] - 0.005 * Double(k + 1)) <= 1e-12)
      let whole = [(8, 8), (8, 1), (1, 1)].map { ScreenedRepulsion($0, $1).energy(at: row[0]) }
      for (found, energy) in zip(row.dropFirst(), whole) {
        #expect(row[0] <= 1 ? found == energy : found < energy)
      }
    }
    #expect(table.rows.last?.dropFirst().allSatisfy { $0 == 0 } == true)
  }
}
