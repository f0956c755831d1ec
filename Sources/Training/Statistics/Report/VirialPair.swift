import Atoms

/// The virial of a frame without cell beside that of its forces, `Σ r ⊗ F`: without a cell both are
/// the same.
struct VirialPair: Sendable, Codable {
  /// Sums over the nine components, in eV²: label times forces' virial, and the square of each.
  let product: Double, labelSquared: Double, forcesSquared: Double

  /// Compares the labels of `frame`; nil if it has a cell, or not both of them.
  init?(_ frame: Frame, _ labels: FrameLabels) {
    guard frame.cell == nil, let virial = labels.virial, let forces = labels.forces else {
      return nil
    }
    // Forces that do not quite sum to zero must not count with the distance from the origin.
    let atoms = frame.types.indices.filter { frame.types[$0] >= 0 }
    guard let first = atoms.first else { return nil }
    var expected = Array(repeating: 0.0, count: 9)
    for atom in atoms {
      let r = frame.positions[atom] - frame.positions[first]
      for a in 0..<3 { for b in 0..<3 { expected[3 * a + b] += r[a] * forces[atom][b] } }
    }
    let label = virial.rows
    product = zip(label, expected).reduce(0) { $0 + $1.0 * $1.1 }
    labelSquared = label.reduce(0) { $0 + $1 * $1 }
    forcesSquared = expected.reduce(0) { $0 + $1 * $1 }
  }
}

extension SystemReport {
  /// Virials that differ from those of the forces by more than a half, all frames together.
  ///
  /// Rounded files and forces with a small sum move them by far less; other units and the other
  /// sign, by far more.
  static func strangeVirials(_ frames: [FrameReport]) -> [Finding] {
    let pairs = frames.compactMap(\.virials)
    let product = pairs.reduce(0) { $0 + $1.product }
    let label = pairs.reduce(0) { $0 + $1.labelSquared }
    let forces = pairs.reduce(0) { $0 + $1.forcesSquared }
    let difference = label - 2 * product + forces
    guard forces > 1e-6 * Double(pairs.count), difference > 0.25 * forces else { return [] }
    return [
      Finding(
        .strangeVirial,
        "without a cell the virial is Σ r ⊗ F of the forces, but these virials are about "
          + "\(rounded(product / forces)) times that: is it another unit (GPa?, kBar?) or sign?")
    ]
  }

  /// Energies that are all numbers of single precision, whose spacing is more than 1e-5 eV per
  /// atom.
  static func roundedEnergies(_ frames: [FrameReport]) -> [Finding] {
    let known = frames.filter { $0.energy != nil && $0.atomCount > 0 }
    let energies = known.compactMap(\.energy)
    guard !energies.isEmpty, energies.allSatisfy({ Double(Float($0)) == $0 }) else { return [] }
    let steps = known.map { Double(Float($0.energy ?? 0).ulp) / Double($0.atomCount) }
    // Whole numbers below 2²³, from where on single precision has no others, may well be what was
    // meant.
    let isExact = energies.allSatisfy { $0 == $0.rounded() && abs($0) < 8_388_608 }
    guard let step = steps.max(), step > 1e-5, !isExact else { return [] }
    return [
      Finding(
        .roundedEnergies,
        "energies are in single precision (float32), in which neighbors differ by "
          + "\(rounded(step)) eV/atom: store them in double precision, or subtract the energies of "
          + "the atoms first")
    ]
  }
}
