import Random

/// The frames of one batch; all from one system.
public struct Batch: Sendable, Equatable {
  /// Index of the system.
  public let system: Int
  /// Indices of its frames.
  public let frames: [Int]
}

/// Draws batches: a system by its probability, then the next frames of that system's shuffled order.
///
/// Each pass through a system uses every frame once; the last batch of a pass may be smaller.  The n-th batch depends
/// on the seed, the purpose, n and the data alone, so the number of draws is all there is to remember.
/// Source: docs/MATH.md, "Batches"; DeePMD-kit's PyTorch backend.
public struct BatchSampler: Sendable {
  /// What the batches are for; each purpose has its own stream of chance.
  public enum Purpose: Sendable {
    case training
    case validation
  }

  private struct System: Sendable {
    let frameCount: Int, batchSize: Int
    /// Batches drawn so far.
    var drawn = 0
    /// The order of the frames in the pass `pass`; empty before it is needed.
    var order: [Int32] = []
    var pass = -1

    var batchesPerPass: Int { (frameCount + batchSize - 1) / batchSize }
  }

  private let seed: UInt64
  private let purpose: Purpose
  private let cumulative: [Double]
  private var systems: [System]
  /// Number of batches drawn so far.
  public private(set) var drawn = 0

  /// Makes a sampler for systems with `frameCounts` frames, `batchSizes` at a time.
  ///
  /// `probabilities` are the chances of the systems, of sum 1.
  public init(
    frameCounts: [Int], batchSizes: [Int], probabilities: [Double], seed: UInt64, purpose: Purpose
  ) {
    precondition(frameCounts.count == batchSizes.count && frameCounts.count == probabilities.count)
    precondition(!frameCounts.isEmpty && frameCounts.allSatisfy { $0 > 0 })
    precondition(batchSizes.allSatisfy { $0 > 0 })
    self.seed = seed
    self.purpose = purpose
    systems = zip(frameCounts, batchSizes).map { System(frameCount: $0, batchSize: $1) }
    var sum = 0.0
    cumulative = probabilities.map {
      sum += $0
      return sum
    }
  }

  /// Batches in one pass through each system.
  public static func batchCounts(frameCounts: [Int], batchSizes: [Int]) -> [Int] {
    zip(frameCounts, batchSizes).map { ($0 + $1 - 1) / $1 }
  }

  /// The next batch.
  public mutating func next() -> Batch {
    let index = nextSystem()
    let position = systems[index].drawn - 1
    let perPass = systems[index].batchesPerPass
    shuffle(index, pass: position / perPass)
    let system = systems[index]
    let low = position % perPass * system.batchSize
    let high = min(low + system.batchSize, system.frameCount)
    return Batch(system: index, frames: system.order[low..<high].map(Int.init))
  }

  /// Goes on as if `count` batches had been drawn, without looking at their frames.
  public mutating func skip(_ count: Int) {
    for _ in 0..<count { _ = nextSystem() }
  }

  /// Draws the system of the next batch and counts it.
  private mutating func nextSystem() -> Int {
    var random =
      switch purpose {
      case .training:
        CounterRandom(seed: seed, purpose: "training system", step: UInt64(drawn))
      case .validation:
        CounterRandom(seed: seed, purpose: "validation system", step: UInt64(drawn))
      }
    let x = random.uniform() * (cumulative.last ?? 1)
    // The first system whose cumulative probability exceeds x: one of probability 0 never does so first.
    var low = 0, high = cumulative.count - 1
    while low < high {
      let middle = (low + high) / 2
      if cumulative[middle] > x { high = middle } else { low = middle + 1 }
    }
    drawn += 1
    systems[low].drawn += 1
    return low
  }

  /// Puts the frames of a system in the order of a pass.
  private mutating func shuffle(_ index: Int, pass: Int) {
    if systems[index].pass == pass { return }
    let key = UInt64(index) << 32 | UInt64(truncatingIfNeeded: pass)
    var random =
      switch purpose {
      case .training: CounterRandom(seed: seed, purpose: "training frames", step: key)
      case .validation: CounterRandom(seed: seed, purpose: "validation frames", step: key)
      }
    var order = (0..<Int32(systems[index].frameCount)).map(\.self)
    for i in order.indices.reversed() where i > 0 {
      order.swapAt(i, random.index(below: i + 1))
    }
    systems[index].order = order
    systems[index].pass = pass
  }
}
