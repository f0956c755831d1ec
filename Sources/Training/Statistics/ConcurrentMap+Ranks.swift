import Communication
import Foundation

extension Communicator {
  /// The results of `body` for 0..<`count`, in order, computed by all ranks on up to `threads`
  /// threads each.
  ///
  /// Ranks take every so many-th, since neighbors are often of one size.  Throws what `body` throws
  /// on this rank.
  func map<Value: Sendable & Codable>(
    _ count: Int, threads: Int, _ body: @Sendable (Int) throws -> Value
  ) throws -> [Value] {
    if size == 1 { return try concurrentMap(count, threads: threads, body) }
    let own = try concurrentMap((count - rank + size - 1) / size, threads: threads) {
      try body(self.rank + $0 * self.size)
    }
    do {
      // Property lists keep every number as it is.
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
