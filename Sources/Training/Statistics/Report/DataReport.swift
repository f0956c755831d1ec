import DeepPotential

/// What the data hold, system by system, and what looks odd in them.
public struct DataReport: Sendable, Equatable {
  /// The name of each type of the model.
  public let typeMap: [String]
  /// The systems in order.
  public let systems: [SystemReport]
  /// How often what occurs in all of them.
  public let counts: DataCounts

  /// Puts the reports of all systems together and looks for frames that occur twice among them.
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

  /// Neighbor counts and the closest two atoms of all systems.
  public var neighbors: NeighborSurvey {
    systems.reduce(NeighborSurvey(typeCount: typeMap.count)) { $0 + $1.neighbors }
  }

  /// Types of the model that no frame has: nothing is learned about them.
  public var absentTypes: [String] { names { counts.atoms[$0] == 0 } }

  /// Types that the data have, but in no frame with an energy, although other frames have energies:
  /// the energy bias of such a type is not determined.
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
