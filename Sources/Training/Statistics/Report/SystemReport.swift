import Atoms
import DeepPotential

/// What one system of the data holds, and what looks odd in it.
public struct SystemReport: Sendable, Equatable {
  /// Where the system came from.
  public let place: String
  /// Number of frames.
  public let frameCount: Int
  /// Atoms of each type of the model in the first frame, `[types]`; other frames of a mixed system may differ.
  public let composition: [Int]
  /// Whether the frames have cells.
  public let isPeriodic: Bool
  /// Energy per atom in eV; nil without labels.
  public let energyPerAtom: Summary?
  /// Forces; nil without labels.
  public let forces: ForceSummary?
  /// Pressure in eV/Å³, a third of the virial's trace over the volume; nil without labels or cells.
  public let pressure: Summary?
  /// Neighbor counts and the closest two atoms.
  public let neighbors: NeighborSurvey
  /// What looks odd.
  public internal(set) var findings: [Finding]

  /// Fingerprints of the frames, to find duplicates across systems.
  let fingerprints: [FrameFingerprint]

  /// Looks at all frames of `system`, number `index`, neighbors up to `cutoff` (Å); types are the model's.
  ///
  /// Atoms are numbered as in the file, whatever the order in which `system` gives them.
  public init(
    _ system: LabeledSystem, index: Int, typeCount: Int, cutoff: Double, threads: Int = 1
  ) {
    let frames = (0..<system.frameCount).map { system.frame($0) }
    let surveys = concurrentMap(frames.count, threads: threads) { number in
      var survey = NeighborSurvey(typeCount: typeCount)
      survey.add(frames[number].frame, cutoff: cutoff, system: index, index: number)
      let order = system.order(ofFrame: number)
      if let pair = survey.closest { survey.closest?.atoms = pair.atoms.map { order[$0] } }
      return survey
    }
    var composition = Array(repeating: 0, count: typeCount)
    for type in frames.first?.frame.types ?? [] where type >= 0 { composition[type] += 1 }
    place = system.place
    self.composition = composition
    frameCount = frames.count
    isPeriodic = frames.contains { $0.frame.cell != nil }
    neighbors = surveys.reduce(NeighborSurvey(typeCount: typeCount), +)
    fingerprints = frames.map { FrameFingerprint($0.frame) }
    energyPerAtom = Summary(frames.compactMap { SystemReport.energyPerAtom($0) })
    forces = ForceSummary(frames, order: { system.order(ofFrame: $0) })
    pressure = Summary(frames.compactMap { SystemReport.pressure($0) })
    findings = SystemReport.closeAtoms(surveys.compactMap(\.closest))
    findings += SystemReport.netForces(frames, forces)
    findings += SystemReport.energyOutliers(frames)
    findings += SystemReport.asymmetricVirials(frames)
    findings += unitHints()
  }

  /// Energy over the number of atoms in eV; nil without label.
  static func energyPerAtom(_ frame: LabeledFrame) -> Double? {
    frame.labels.energy.map { $0 / Double(max(frame.atomCount, 1)) }
  }

  /// A third of the virial's trace over the volume, in eV/Å³; nil without label or cell.
  private static func pressure(_ frame: LabeledFrame) -> Double? {
    guard let virial = frame.labels.virial, let cell = frame.frame.cell else { return nil }
    return (virial.x.x + virial.y.y + virial.z.z) / (3 * cell.volume)
  }
}

extension LabeledFrame {
  /// Number of atoms, padding atoms left out.
  var atomCount: Int { frame.types.count { $0 >= 0 } }
}

extension ForceSummary {
  /// The summary of all forces in `frames`; nil if there are none.  `order` gives places in the file.
  init?(_ frames: [LabeledFrame], order: (Int) -> [Int]) {
    var squares = 0.0, count = 0, largest = (squared: -1.0, frame: 0, atom: 0)
    for (number, frame) in frames.enumerated() {
      guard let forces = frame.labels.forces else { continue }
      for (atom, force) in forces.enumerated() where frame.frame.types[atom] >= 0 {
        let squared = dot(force, force)
        squares += squared
        count += 3
        if squared > largest.squared { largest = (squared, number, atom) }
      }
    }
    guard count > 0 else { return nil }
    self.init(
      rootMeanSquare: (squares / Double(count)).squareRoot(),
      largest: largest.squared.squareRoot(), frame: largest.frame,
      atom: order(largest.frame)[largest.atom])
  }
}
