import Random

/// The frames of one batch; all from one system.
public struct Batch: Sendable, Equatable {
  /// Index of the system.
  public let system: Int
  /// Indices of its frames.
  public let frames: [Int]
}

/// Draws batches: a system, then the next frames of that system's shuffled order.
///
/// Each pass through a system uses every frame once; the last batch of a pass may be smaller.  The n-th batch depends
/// on the seed, the purpose, n and the data alone, so the number of draws is all there is to remember.
/// Source: docs/MATH.md, "Batches"; deepmd-pytorch's and DeePMD-kit's samplers.
public struct BatchSampler: Sendable {
  /// What the batches are for; each purpose has its own stream of chance.
  public enum Purpose: Sendable {
    case training
    case validation
  }

  /// Which system a batch comes from.
  public enum Order: Sendable, Equatable {
    /// In an epoch each system comes as often as it has batches, in random order: every frame is used once.
    case everyBatchOnce
    /// Drawn for each batch with these probabilities, one per system, of sum 1.
    case drawn([Double])
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
  /// Sums of the probabilities; empty if every batch comes once an epoch.
  private let cumulative: [Double]
  private var systems: [System]
  /// The systems in the order of the epoch `epoch`, if every batch comes once.
  private var table: [Int32] = []
  private var epoch = -1
  /// Number of batches drawn so far.
  public private(set) var drawn = 0
  private let batchesPerEpoch: Int

  /// Makes a sampler for systems with `frameCounts` frames, `batchSizes` at a time.
  public init(
    frameCounts: [Int], batchSizes: [Int], order: Order, seed: UInt64, purpose: Purpose
  ) {
    precondition(frameCounts.count == batchSizes.count)
    precondition(!frameCounts.isEmpty && frameCounts.allSatisfy { $0 > 0 })
    precondition(batchSizes.allSatisfy { $0 > 0 })
    self.seed = seed
    self.purpose = purpose
    systems = zip(frameCounts, batchSizes).map { System(frameCount: $0, batchSize: $1) }
    switch order {
    case .everyBatchOnce:
      cumulative = []
      batchesPerEpoch = systems.reduce(0) { $0 + $1.batchesPerPass }
    case .drawn(let probabilities):
      precondition(probabilities.count == frameCounts.count)
      var sum = 0.0
      cumulative = probabilities.map {
        sum += $0
        return sum
      }
      batchesPerEpoch = 0
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

  /// Goes on as if one more batch had been drawn, without looking at its frames.
  public mutating func pass() { _ = nextSystem() }

  /// Goes on as if `count` batches had been drawn, without looking at their frames.
  public mutating func skip(_ count: Int) {
    if batchesPerEpoch == 0 {
      for _ in 0..<count { _ = nextSystem() }
    } else {
      drawn += count
      let (passes, rest) = drawn.quotientAndRemainder(dividingBy: batchesPerEpoch)
      for i in systems.indices { systems[i].drawn = passes * systems[i].batchesPerPass }
      arrange(epoch: passes)
      for system in table[..<rest] { systems[Int(system)].drawn += 1 }
    }
  }

  /// Chooses the system of the next batch and counts it.
  private mutating func nextSystem() -> Int {
    let index: Int
    if batchesPerEpoch == 0 {
      index = drawSystem()
    } else {
      let (passes, place) = drawn.quotientAndRemainder(dividingBy: batchesPerEpoch)
      arrange(epoch: passes)
      index = Int(table[place])
    }
    drawn += 1
    systems[index].drawn += 1
    return index
  }

  /// Draws a system by its probability.
  private func drawSystem() -> Int {
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
    return low
  }

  /// Puts the systems, each as often as it has batches, in the order of an epoch.
  private mutating func arrange(epoch: Int) {
    if self.epoch == epoch { return }
    let step = UInt64(truncatingIfNeeded: epoch)
    var random =
      switch purpose {
      case .training: CounterRandom(seed: seed, purpose: "training epoch", step: step)
      case .validation: CounterRandom(seed: seed, purpose: "validation epoch", step: step)
      }
    table = systems.enumerated().flatMap { index, system in
      repeatElement(Int32(index), count: system.batchesPerPass)
    }
    random.shuffle(&table)
    self.epoch = epoch
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
    random.shuffle(&order)
    systems[index].order = order
    systems[index].pass = pass
  }
}
