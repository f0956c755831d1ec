import Atoms
import Communication
import DeepPotential

/// What one system of the data holds, and what looks odd in it.
public struct SystemReport: Sendable, Equatable, Codable {
  /// Where the system came from.
  public let place: String
  /// Number of frames.
  public let frameCount: Int
  /// Which atoms of each type of the model the frames have.
  public let composition: SystemComposition
  /// Whether the frames have cells.
  public let isPeriodic: Bool
  /// Energy per atom in eV; nil without labels.
  public let energyPerAtom: Summary?
  /// Forces; nil without labels.
  public let forces: ForceSummary?
  /// Pressure in eV/Å³, a third of the virial's trace over the volume; nil without labels or cells.
  public let pressure: Summary?
  /// The largest component of the stress, whatever its sign, in eV/Å³; nil without labels or cells.
  public let largestStress: Double?
  /// Neighbor counts and the closest two atoms.
  public let neighbors: NeighborSurvey
  /// What looks odd.
  public internal(set) var findings: [Finding]

  /// Fingerprints of the frames, to find duplicates across systems.
  let fingerprints: [FrameFingerprint]

  /// Looks at all frames of `system`, number `index`, neighbors up to the cutoff of `counts`, which
  /// adds up what occurs; types are the model's.
  ///
  /// Atoms are numbered as in the file, whatever the order in which `system` gives them.  Throws
  /// what reading them throws.
  init(
    _ system: LabeledSystem, index: Int, typeCount: Int, counts: CommonCounts, threads: Int = 1,
    communicator: Communicator = .alone
  ) throws {
    let frames = try communicator.map(system.frameCount, threads: threads) { frame in
      try FrameReport(system, number: index, index: frame, typeCount: typeCount, counts: counts)
    }
    place = system.place
    composition = SystemComposition(frames.lazy.map(\.counts), typeCount: typeCount)
    frameCount = frames.count
    isPeriodic = system.isPeriodic
    neighbors = frames.reduce(NeighborSurvey(typeCount: typeCount)) { $0 + $1.neighbors }
    fingerprints = frames.map(\.fingerprint)
    energyPerAtom = Summary(frames.compactMap(\.energyPerAtom))
    forces = ForceSummary(frames)
    pressure = Summary(frames.compactMap(\.pressure))
    largestStress = frames.compactMap(\.largestStress).max()
    findings = SystemReport.closeAtoms(frames.compactMap(\.neighbors.closest))
    findings += SystemReport.netForces(frames, forces)
    let energies = ExplainedEnergies(frames, isUniform: composition.isUniform)
    findings += energies.outliers
    findings += SystemReport.asymmetricVirials(frames)
    findings += SystemReport.strangeVirials(frames)
    findings += unitHints(energySpread: energies.spread, isUniform: composition.isUniform)
    findings += SystemReport.roundedEnergies(frames)
  }
}
