import DeepPotential

/// The energies of a system's frames beside what their composition explains.
struct ExplainedEnergies {
  /// What is left of the energy per atom, in eV, `[frames]`; nil without label or atoms.
  ///
  /// Where all frames have the same atoms it is the energy per atom itself.
  let rests: [Double?]
  private let isUniform: Bool

  /// Fits an energy for each type to the energies of `frames`, unless they all have the same atoms.
  ///
  /// Frames far from the fit are left out of the next one, so that they do not hide each other.
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
        // Half of the frames are always within the limit.
        if kept == used { break }
        used = kept
      }
    }
    self.rests = rests
  }

  /// The median energy of each composition, explained by an energy of each type, in eV, `[types]`.
  ///
  /// A median does not move with an outlier, and compositions count as often as they occur.
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

  /// Population deviation of what is left, in eV/atom; nil without energies.
  var spread: Double? { Summary(rests.compactMap(\.self))?.deviation }

  /// Frames far from the others, as a finding.
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

  /// What lies beyond eight robust deviations (1.4826 median distances to the median) and 10 meV per atom.
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
