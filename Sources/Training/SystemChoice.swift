/// How likely a batch comes from each system (`auto_prob`, `sys_probs`).
public enum SystemChoice: Sendable, Equatable {
  /// Systems `start..<end` share `weight` in proportion to their batches.
  public struct Block: Sendable, Equatable {
    /// First system, and the one after the last.
    public var start: Int, end: Int
    /// Their share, relative to that of the other blocks.
    public var weight: Double

    /// Makes a block.
    public init(start: Int, end: Int, weight: Double) {
      self.start = start
      self.end = end
      self.weight = weight
    }
  }

  /// All alike (`prob_uniform`).
  case uniform
  /// In proportion to their batches (`prob_sys_size`).
  case byBatches
  /// In blocks (`prob_sys_size;start:end:weight;...`); systems in no block are never chosen.
  case blocks([Block])
  /// As given (`sys_probs`); negative ones share the rest in proportion to their batches.
  case given([Double])

  /// The probability of each system, of sum 1; nil if the choice does not fit `batches` systems.
  ///
  /// `batches` holds the number of batches of each system.
  public func probabilities(batches: [Int]) -> [Double]? {
    let counts = batches.map(Double.init)
    switch self {
    case .uniform: return counts.map { _ in 1 / Double(counts.count) }
    case .byBatches:
      let sum = counts.reduce(0, +)
      return counts.map { $0 / sum }
    case .blocks(let blocks): return SystemChoice.probabilities(blocks, counts)
    case .given(let given): return SystemChoice.probabilities(given, counts)
    }
  }

  private static func probabilities(_ blocks: [Block], _ counts: [Double]) -> [Double]? {
    var result = counts.map { _ in 0.0 }
    let total = blocks.reduce(0) { $0 + $1.weight }
    guard total > 0 else { return nil }
    for block in blocks {
      guard block.weight >= 0, 0 <= block.start, block.start < block.end, block.end <= counts.count
      else { return nil }
      let sum = counts[block.start..<block.end].reduce(0, +)
      for i in block.start..<block.end { result[i] = counts[i] / sum * block.weight / total }
    }
    return abs(result.reduce(0, +) - 1) < 1e-8 ? result : nil  // overlapping blocks lose a share
  }

  private static func probabilities(_ given: [Double], _ counts: [Double]) -> [Double]? {
    guard given.count == counts.count else { return nil }
    let rest = 1 - given.filter { $0 >= 0 }.reduce(0, +)
    let sum = zip(given, counts).reduce(0) { $0 + ($1.0 < 0 ? $1.1 : 0) }
    // 1e-8 forgives rounding in numbers like 0.1, as DeePMD-kit does.
    guard rest > -1e-8, sum > 0 || abs(rest) < 1e-5 else { return nil }
    return zip(given, counts).map { $0 < 0 ? max(rest, 0) * $1 / sum : $0 }
  }
}
