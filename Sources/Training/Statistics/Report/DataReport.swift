import DeepPotential

/// A report on the data, system by system: the contents, and whatever looks suspicious.
public struct DataReport: Sendable, Equatable {
  /// The name of each type of the model.
  public let typeMap: [String]
  /// The reports of the systems in order.
  public let systems: [SystemReport]
  /// The counts of distances, energies, forces and neighbors over all systems.
  public let counts: DataCounts

  /// Joins the reports of all systems, and looks for frames that occur in two of them.
  init(typeMap: [String], _ systems: [SystemReport], _ counts: DataCounts) {
    self.typeMap = typeMap
    self.counts = counts
    var reports = systems
    var first: [FrameFingerprint: (system: Int, frame: Int)] = [:]
    for (number, system) in systems.enumerated() {
      var copies: [(frame: Int, of: (system: Int, frame: Int))] = []
      for (frame, fingerprint) in system.fingerprints.enumerated() {
        if let original = first[fingerprint] {
          copies.append((frame, original))
        } else {
          first[fingerprint] = (number, frame)
        }
      }
      if let copy = copies.first {
        let there = copy.of.system == number ? "" : " of \(systems[copy.of.system].place)"
        reports[number].findings.insert(
          Finding(
            .duplicateFrames, frames: copies.map(\.frame),
            "frames that occur before: frame \(copy.frame) equals frame \(copy.of.frame)\(there)"),
          at: 0)
      }
    }
    self.systems = reports
  }

  /// The neighbor counts and the closest two atoms of all systems.
  public var neighbors: NeighborSurvey {
    systems.reduce(NeighborSurvey(typeCount: typeMap.count)) { $0 + $1.neighbors }
  }

  /// The types of the model that no frame has; nothing is learned about them.
  public var absentTypes: [String] { names { counts.atoms[$0] == 0 } }

  /// The types that occur in no frame with an energy, although other frames have energies; the data
  /// do not determine their energy bias.
  public var typesWithoutEnergy: [String] {
    let labeled = systems.filter { $0.energyPerAtom != nil }
    if labeled.isEmpty { return [] }
    return names { type in
      counts.atoms[type] > 0 && labeled.allSatisfy { $0.composition.total[type] == 0 }
    }
  }

  private func names(_ isMeant: (Int) -> Bool) -> [String] {
    typeMap.indices.filter(isMeant).map { typeMap[$0] }
  }
}
