/// The rule for the probability that a batch comes from a system (`auto_prob`, `sys_probs`).
public enum SystemChoice: Sendable, Equatable {
  /// A block of systems, `start..<end`, which share `weight` in proportion to their numbers of
  /// batches.
  public struct Block: Sendable, Equatable {
    /// The first system, and the one after the last.
    public var start: Int, end: Int
    /// The share of the block, relative to the weights of the other blocks.
    public var weight: Double

    /// Makes a block.
    public init(start: Int, end: Int, weight: Double) {
      self.start = start
      self.end = end
      self.weight = weight
    }
  }

  /// Equal probabilities (`prob_uniform`).
  case uniform
  /// Probabilities in proportion to the numbers of batches (`prob_sys_size`).
  case byBatches
  /// Probabilities by blocks (`prob_sys_size;start:end:weight;...`); systems in no block are never
  /// chosen.
  case blocks([Block])
  /// The given probabilities (`sys_probs`); systems with a negative one share the rest in
  /// proportion to their numbers of batches.
  case given([Double])

  /// The probability of each system, of sum 1; nil if the rule does not fit the systems.
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
    // A tolerance of 1e-8 allows for rounding in numbers like 0.1, as in DeePMD-kit.
    guard rest > -1e-8, sum > 0 || abs(rest) < 1e-5 else { return nil }
    return zip(given, counts).map { $0 < 0 ? max(rest, 0) * $1 / sum : $0 }
  }
}
