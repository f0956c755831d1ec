import Atoms
import Communication
import DeepPotential

/// A report on one system of the data: the contents, and whatever looks suspicious.
public struct SystemReport: Sendable, Equatable, Codable {
  /// The place of the system.
  public let place: String
  /// Number of frames.
  public let frameCount: Int
  /// The number of atoms of each type in the frames.
  public let composition: SystemComposition
  /// Whether the frames have cells.
  public let isPeriodic: Bool
  /// The energy per atom in eV; nil without labels.
  public let energyPerAtom: Summary?
  /// The size of the forces; nil without labels.
  public let forces: ForceSummary?
  /// The pressure in eV/Å³, a third of the virial's trace over the volume; nil without labels or
  /// cells.
  public let pressure: Summary?
  /// The largest absolute component of the stress, in eV/Å³; nil without labels or cells.
  public let largestStress: Double?
  /// The labels of frames and of atoms for another output than the energy; nil for the energy.
  public let otherLabels: [LabelSummary]?
  /// The neighbor counts and the closest two atoms.
  public let neighbors: NeighborSurvey
  /// The suspicious properties.
  public internal(set) var findings: [Finding]

  /// The fingerprints of the frames, by which frames are found that two systems have.
  let fingerprints: [FrameFingerprint]

  /// Reads all frames of `system`, which is number `index` of the data; types are the model's,
  /// neighbors count up to the cutoff of `counts`, to which this adds its own counts.
  ///
  /// Atoms are numbered as in the file, even where `system` gives them in another order.  Throws
  /// the errors of reading the frames.
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
    let output = system.output
    otherLabels =
      output == .energy
      ? nil
      : [
        LabelSummary(output.name, frames.map(\.frameValue)),
        LabelSummary(output.atomName, frames.map(\.atomValues)),
      ].compactMap(\.self)
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
