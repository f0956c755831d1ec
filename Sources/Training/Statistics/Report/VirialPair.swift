import Atoms

/// The virial label of a frame without cell, and the virial of its forces, `Σ r ⊗ F`: without a
/// cell the two are equal.
struct VirialPair: Sendable, Codable {
  /// Sums over the nine components, in eV²: the product of label and forces' virial, and the square
  /// of each.
  let product: Double, labelSquared: Double, forcesSquared: Double

  /// Compares the labels of `frame`; nil if the frame has a cell or lacks one of the labels.
  init?(_ frame: Frame, _ labels: FrameLabels) {
    guard frame.cell == nil, let virial = labels.virial, let forces = labels.forces else {
      return nil
    }
    // Positions are relative to an atom, so that a small sum of the forces does not count with the
    // distance from the origin.
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
  /// Reports virials that differ from those of the forces by more than a half, over all frames
  /// together.
  ///
  /// Rounded files and a small sum of the forces change a virial by far less; other units and the
  /// other sign change it by far more.
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

  /// Reports energies that are all numbers of single precision, if the spacing of such numbers
  /// exceeds 1e-5 eV per atom.
  static func roundedEnergies(_ frames: [FrameReport]) -> [Finding] {
    let known = frames.filter { $0.energy != nil && $0.atomCount > 0 }
    let energies = known.compactMap(\.energy)
    guard !energies.isEmpty, energies.allSatisfy({ Double(Float($0)) == $0 }) else { return [] }
    let steps = known.map { Double(Float($0.energy ?? 0).ulp) / Double($0.atomCount) }
    // Whole numbers below 2²³ are probably exact; above that, single precision has whole numbers
    // only.
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
