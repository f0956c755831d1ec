import Communication
import DeepPotential
import Foundation
import Synchronization

/// Counts that threads add to as they look at frames, so that none has to be kept by frame or by
/// system.
final class CommonCounts: Sendable {
  /// Neighbors are counted up to this distance, in Å.
  let cutoff: Double
  private let state: Mutex<DataCounts>

  /// Nothing counted.
  init(typeCount: Int, cutoff: Double) {
    self.cutoff = cutoff
    state = Mutex(DataCounts(typeCount: typeCount, cutoff: cutoff))
  }

  /// Takes in the counts of some frames.
  func add(_ counts: DataCounts) { state.withLock { $0.add(counts) } }

  /// What all ranks counted together; all of them ask.
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
