import DeepPotential

/// The energies of a system's frames after subtracting an energy for each atom by type.
struct ExplainedEnergies {
  /// The remaining energy per atom, in eV, `[frames]`; nil without label or atoms.
  ///
  /// If all frames have the same atoms, nothing is subtracted.
  let rests: [Double?]
  private let isUniform: Bool

  /// Fits an energy for each type to the energies of `frames`, unless they all have the same atoms.
  ///
  /// Each fit leaves out the frames that lie far from the fit before; otherwise such frames could
  /// hide each other.
  init(_ frames: [FrameReport], isUniform: Bool) {
    self.isUniform = isUniform
    let known = frames.indices.filter { frames[$0].energy != nil && frames[$0].atomCount > 0 }
    var rests: [Double?] = frames.map { _ in nil }
    if isUniform {
      for frame in known { rests[frame] = frames[frame].energyPerAtom }
    } else {
      var used = known
      for _ in 0..<5 {
        let energies = Self.energiesOfTypes(frames, used)
        for frame in known {
          let explained = zip(frames[frame].counts, energies).reduce(0) { $0 + Double($1.0) * $1.1 }
          rests[frame] = ((frames[frame].energy ?? 0) - explained) / Double(frames[frame].atomCount)
        }
        let found = Set(Self.outliers(rests)?.frames ?? [])
        let kept = known.filter { !found.contains($0) }
        // At least half of the frames are always kept.
        if kept == used { break }
        used = kept
      }
    }
    self.rests = rests
  }

  /// The energies of types, in eV, `[types]`, that fit best the median energy of each composition.
  ///
  /// An outlier does not move a median; each composition has the weight of its frames.
  private static func energiesOfTypes(_ frames: [FrameReport], _ used: [Int]) -> [Double] {
    var groups: [[Int]: [Double]] = [:], order: [[Int]] = []
    for frame in used {
      let counts = frames[frame].counts
      if groups[counts] == nil { order.append(counts) }
      groups[counts, default: []].append(frames[frame].energy ?? 0)
    }
    var rows = OutputRows(of: .energy, typeCount: frames.first?.counts.count ?? 0)
    for counts in order {
      let energies = groups[counts] ?? []
      rows.add(
        counts: counts, [SystemReport.median(energies)],
        weight: Double(energies.count).squareRoot())
    }
    return rows.bias().values
  }

  /// The population deviation of the remaining energies, in eV/atom; nil without energies.
  var spread: Double? { Summary(rests.compactMap(\.self))?.deviation }

  /// The finding about frames whose energies are far from the others'.
  var outliers: [Finding] {
    guard let found = Self.outliers(rests), let rest = rests[found.worst] else { return [] }
    let text =
      isUniform
      ? "energies far from the median \(SystemReport.rounded(found.center)) eV/atom, the farthest "
        + "is \(SystemReport.rounded(rest)) eV/atom in frame \(found.worst)"
      : "energies far from what composition explains, the farthest by "
        + "\(SystemReport.rounded(rest - found.center)) eV/atom in frame \(found.worst)"
    return [Finding(.energyOutliers, frames: found.frames, text)]
  }

  /// The frames that lie farther from the median than eight robust deviations (1.4826 median
  /// distances) and farther than 10 meV per atom.
  private static func outliers(
    _ values: [Double?]
  ) -> (center: Double, frames: [Int], worst: Int)? {
    let known = values.compactMap(\.self)
    guard known.count >= 4 else { return nil }
    let center = SystemReport.median(known)
    let distances = values.map { abs(($0 ?? center) - center) }
    let limit = max(8 * 1.4826 * SystemReport.median(known.map { abs($0 - center) }), 0.01)
    let found = values.indices.filter { distances[$0] > limit }
    guard let worst = found.max(by: { distances[$0] < distances[$1] }) else { return nil }
    return (center, found, worst)
  }
}
