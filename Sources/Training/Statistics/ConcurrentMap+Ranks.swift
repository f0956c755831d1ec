import Communication
import Foundation

extension Communicator {
  /// The results of `body` for 0..<`count`, in order, computed by all ranks on up to `threads`
  /// threads each.
  ///
  /// Each rank takes every n-th index of n ranks, since neighboring indices are often of one size.
  /// Throws the error of `body` on this rank.
  func map<Value: Sendable & Codable>(
    _ count: Int, threads: Int, _ body: @Sendable (Int) throws -> Value
  ) throws -> [Value] {
    if size == 1 { return try concurrentMap(count, threads: threads, body) }
    let own = try concurrentMap((count - rank + size - 1) / size, threads: threads) {
      try body(self.rank + $0 * self.size)
    }
    do {
      // A property list keeps every number exactly.
      let encoder = PropertyListEncoder()
      encoder.outputFormat = .binary
      let parts = try gather(Array(encoder.encode(own))).map {
        try PropertyListDecoder().decode([Value].self, from: Data($0))
      }
      return (0..<count).map { parts[$0 % size][$0 / size] }
    } catch {
      fatalError("results of other ranks cannot be read: \(error)")
    }
  }
}
