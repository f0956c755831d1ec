import Atoms
import DeepPotential

/// The checks; each states its limit and the reason for it.
extension SystemReport {
  /// The distance in Å below which atoms are reported: no chemical bond is shorter than H2's 0.74
  /// Å.
  static let tooClose = 0.5

  static func closeAtoms(_ closest: [ClosestPair]) -> [Finding] {
    let crowded = closest.filter { $0.distance < tooClose }
    guard let worst = crowded.min(by: { $0.distance < $1.distance }) else { return [] }
    let atoms = worst.atoms.map(String.init).joined(separator: " and ")
    return [
      Finding(
        .closeAtoms, frames: crowded.map(\.frame),
        "atoms closer than \(tooClose) Å, the closest in frame \(worst.frame): atoms \(atoms) at "
          + "\(rounded(worst.distance)) Å")
    ]
  }

  /// Reports sums of forces above a tenth of `rms √(3N)`: unrelated forces would sum to about that,
  /// and numerical noise sums to much less.
  static func netForces(_ frames: [FrameReport], _ summary: ForceSummary?) -> [Finding] {
    guard let summary, summary.rootMeanSquare > 0 else { return [] }
    var worst = (sum: 0.0, frame: 0), found: [Int] = []
    for (number, frame) in frames.enumerated() {
      guard let sum = frame.forces?.net else { continue }
      let noise = summary.rootMeanSquare * (3 * Double(frame.atomCount)).squareRoot()
      if frame.atomCount > 1, sum > 0.1 * noise, sum > 1e-6 { found.append(number) }
      if sum > worst.sum { worst = (sum, number) }
    }
    guard !found.isEmpty else { return [] }
    return [
      Finding(
        .netForce, frames: found,
        "forces do not sum to zero, the largest sum is \(rounded(worst.sum)) eV/Å in frame "
          + "\(worst.frame)")
    ]
  }

  static func asymmetricVirials(_ frames: [FrameReport]) -> [Finding] {
    let found = frames.indices.filter { frames[$0].hasTwistedVirial }
    return found.isEmpty
      ? [] : [Finding(.asymmetricVirial, frames: found, "virials that are not symmetric")]
  }

  /// Reports orders of magnitude that occur in other units, but not in eV and Å.
  ///
  /// `energySpread` is the deviation of the energies per atom, in eV, after subtracting an energy
  /// for each type.
  func unitHints(energySpread: Double?, isUniform: Bool) -> [Finding] {
    var hints: [String] = []
    if let forces, forces.rootMeanSquare > 100 {
      hints.append("the forces' root mean square is \(rounded(forces.rootMeanSquare)) eV/Å")
    }
    if let forces, forces.largest == 0 { hints.append("all forces are zero") }
    if let energyPerAtom,
      max(abs(energyPerAtom.smallest), abs(energyPerAtom.largest)) > 1e6
    {
      hints.append("the mean energy is \(rounded(energyPerAtom.mean)) eV/atom")
    }
    if let energySpread, energySpread > 50 {
      let beyond = isUniform ? "" : " beyond what composition explains"
      hints.append("energies spread by \(rounded(energySpread)) eV/atom\(beyond)")
    }
    return hints.map { Finding(.units, "\($0): are these eV and Å?") } + stressHints()
  }

  /// Stress in simulated condensed matter stays below 160 GPa, except deep in planets.
  private static let largestPlausibleStress = 1.0

  /// Reports stress in GPa or kBar that was read as eV/Å³: 1 eV/Å³ is 160.2 GPa or 1602 kBar
  /// (CODATA 2018).
  private func stressHints() -> [Finding] {
    guard let size = largestStress, size > Self.largestPlausibleStress else { return [] }
    // Simulations rarely exceed 20 GPa, so a larger number is probably in kBar, the unit of VASP.
    let unit = size > 20 ? "kBar?" : "GPa?"
    return [
      Finding(
        .units,
        "the virial means stresses of up to \(rounded(size)) eV/Å³, which is "
          + "\(rounded(size * 160.21766)) GPa: is it \(unit) A virial is in eV, "
          + "a stress in eV/Å³")
    ]
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted(), middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  /// `x` with four significant digits, for messages.
  static func rounded(_ x: Double) -> String {
    guard x.isFinite, x != 0 else { return "\(x)" }
    var scale = 1.0
    while abs(x) * scale < 1000 { scale *= 10 }
    return "\((x * scale).rounded() / scale)"
  }

  /// The same, for use in methods.
  func rounded(_ x: Double) -> String { SystemReport.rounded(x) }
}
