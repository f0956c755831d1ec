import Communication
import DeepPotential
import Foundation
import Synchronization

/// Counts that several threads add to while they look at frames, so that no counts need to be kept
/// for each frame or system.
final class CommonCounts: Sendable {
  /// The distance in Å up to which neighbors are counted.
  let cutoff: Double
  /// Shorter cutoffs within which the largest numbers of neighbors are wanted, too.
  let shorterCutoffs: [Double]
  private let state: Mutex<DataCounts>

  /// Starts with all counts at zero; of `cutoffs` there is at least one.
  init(typeCount: Int, cutoffs: [Double]) {
    guard let cutoff = cutoffs.max() else { preconditionFailure("no cutoff") }
    self.cutoff = cutoff
    shorterCutoffs = Set(cutoffs).subtracting([cutoff]).sorted()
    state = Mutex(DataCounts(typeCount: typeCount, cutoff: cutoff))
  }

  /// Adds the counts of some frames.
  func add(_ counts: DataCounts) { state.withLock { $0.add(counts) } }

  /// The sum of the counts of all ranks; every rank must call this.
  func total(over communicator: Communicator) -> DataCounts {
    let own = state.withLock { $0 }
    if communicator.size == 1 { return own }
    do {
      let parts = try communicator.gather(Array(PropertyListEncoder().encode(own))).map {
        try PropertyListDecoder().decode(DataCounts.self, from: Data($0))
      }
      return parts.dropFirst().reduce(into: parts[0]) { $0.add($1) }
    } catch {
      fatalError("counts of other ranks cannot be read: \(error)")
    }
  }
}
