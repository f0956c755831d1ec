import Random

/// The frames of one batch.
public struct Batch: Sendable, Equatable {
  /// A frame of a system, by their indices.
  public struct Member: Sendable, Hashable {
    /// Index of the system.
    public let system: Int
    /// Index of the frame in it.
    public let frame: Int

    /// Makes the pair of indices.
    public init(system: Int, frame: Int) {
      self.system = system
      self.frame = frame
    }
  }

  /// The frames; all belong to one system unless batches are mixed.
  public let members: [Member]
}

/// Draws batches: a system first, then the next frames in the shuffled order of that system.
///
/// Each pass through a system uses every frame once; the last batch of a pass may be smaller.  A
/// mixed batch joins several such draws of one epoch, so the last batch of an epoch may be smaller.
/// The n-th batch depends only on the seed, the purpose, n and the data; so a checkpoint stores
/// only the number of batches drawn.
/// Source: docs/MATH.md, "Batches"; deepmd-pytorch's and DeePMD-kit's samplers.
public struct BatchSampler: Sendable {
  /// The use of the batches; each purpose has its own sequence of random numbers.
  public enum Purpose: Sendable {
    case training
    case validation
  }

  /// The rule that chooses the system of a batch.
  public enum Order: Sendable, Equatable {
    /// Each system comes once per epoch for each of its batches, in random order; so every frame is
    /// used once an epoch.
    case everyBatchOnce
    /// Each draw chooses a system with these probabilities, one per system, of sum 1.
    case drawn([Double])
  }

  private struct System: Sendable {
    let frameCount: Int, batchSize: Int
    /// The number of draws of this system so far.
    var drawn = 0
    /// The order of the frames in the pass `pass`; empty until it is needed.
    var order: [Int32] = []
    var pass = -1

    var drawsPerPass: Int { (frameCount + batchSize - 1) / batchSize }
  }

  private let seed: UInt64
  private let purpose: Purpose
  /// The cumulative probabilities; empty for `everyBatchOnce`.
  private let cumulative: [Double]
  private var systems: [System]
  /// The order of the systems in the epoch `epoch`, for `everyBatchOnce`.
  private var table: [Int32] = []
  private var epoch = -1
  /// Number of batches drawn so far.
  public private(set) var drawn = 0
  /// The number of draws of a system so far.
  private var draws = 0
  /// The number of draws in a batch, and in an epoch; the latter is 0 if there are no epochs.
  private let drawsPerBatch: Int, drawsPerEpoch: Int

  /// Makes a sampler for systems with `frameCounts` frames, of which one draw takes `batchSizes`; a
  /// batch has `drawsPerBatch` draws.
  public init(
    frameCounts: [Int], batchSizes: [Int], drawsPerBatch: Int = 1, order: Order, seed: UInt64,
    purpose: Purpose
  ) {
    precondition(frameCounts.count == batchSizes.count && drawsPerBatch > 0)
    precondition(!frameCounts.isEmpty && frameCounts.allSatisfy { $0 > 0 })
    precondition(batchSizes.allSatisfy { $0 > 0 })
    self.seed = seed
    self.purpose = purpose
    self.drawsPerBatch = drawsPerBatch
    systems = zip(frameCounts, batchSizes).map { System(frameCount: $0, batchSize: $1) }
    switch order {
    case .everyBatchOnce:
      cumulative = []
      drawsPerEpoch = systems.reduce(0) { $0 + $1.drawsPerPass }
    case .drawn(let probabilities):
      precondition(probabilities.count == frameCounts.count)
      var sum = 0.0
      cumulative = probabilities.map {
        sum += $0
        return sum
      }
      drawsPerEpoch = 0
    }
  }

  /// The number of batches in one pass through each system.
  public static func batchCounts(frameCounts: [Int], batchSizes: [Int]) -> [Int] {
    zip(frameCounts, batchSizes).map { ($0 + $1 - 1) / $1 }
  }

  /// The number of batches in an epoch; nil if there are no epochs.
  public var batchesPerEpoch: Int? {
    drawsPerEpoch == 0 ? nil : (drawsPerEpoch + drawsPerBatch - 1) / drawsPerBatch
  }

  /// Draws the next batch.
  public mutating func next() -> Batch {
    var members: [Batch.Member] = []
    forEachDraw { members += $0.nextMembers() }
    return Batch(members: members)
  }

  /// Counts one more batch as drawn, without choosing its frames.
  public mutating func pass() { forEachDraw { _ = $0.nextSystem() } }

  /// Counts `count` more batches as drawn, without choosing their frames.
  public mutating func skip(_ count: Int) {
    drawn += count
    guard let batchesPerEpoch else {
      for _ in 0..<count * drawsPerBatch { _ = nextSystem() }
      return
    }
    let (passes, rest) = drawn.quotientAndRemainder(dividingBy: batchesPerEpoch)
    let begun = rest * drawsPerBatch
    draws = passes * drawsPerEpoch + begun
    for i in systems.indices { systems[i].drawn = passes * systems[i].drawsPerPass }
    arrange(epoch: passes)
    for system in table[..<begun] { systems[Int(system)].drawn += 1 }
  }

  /// Calls `body` for each draw of the next batch, which never has frames of two epochs.
  private mutating func forEachDraw(_ body: (inout BatchSampler) -> Void) {
    for draw in 0..<drawsPerBatch {
      if draw > 0 && drawsPerEpoch > 0 && draws % drawsPerEpoch == 0 { break }
      body(&self)
    }
    drawn += 1
  }

  /// Draws a system and its next frames.
  private mutating func nextMembers() -> [Batch.Member] {
    let index = nextSystem()
    let position = systems[index].drawn - 1
    let perPass = systems[index].drawsPerPass
    shuffle(index, pass: position / perPass)
    let system = systems[index]
    let low = position % perPass * system.batchSize
    let high = min(low + system.batchSize, system.frameCount)
    return system.order[low..<high].map { Batch.Member(system: index, frame: Int($0)) }
  }

  /// Chooses the system of the next draw and counts it.
  private mutating func nextSystem() -> Int {
    let index: Int
    if drawsPerEpoch == 0 {
      index = drawSystem()
    } else {
      let (passes, place) = draws.quotientAndRemainder(dividingBy: drawsPerEpoch)
      arrange(epoch: passes)
      index = Int(table[place])
    }
    draws += 1
    systems[index].drawn += 1
    return index
  }

  /// Draws a system by its probability.
  private func drawSystem() -> Int {
    var random =
      switch purpose {
      case .training:
        CounterRandom(seed: seed, purpose: "training system", step: UInt64(draws))
      case .validation:
        CounterRandom(seed: seed, purpose: "validation system", step: UInt64(draws))
      }
    let x = random.uniform() * (cumulative.last ?? 1)
    // Finds the first system whose cumulative probability exceeds x; a system of probability 0 is
    // never the first.
    var low = 0, high = cumulative.count - 1
    while low < high {
      let middle = (low + high) / 2
      if cumulative[middle] > x { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// Shuffles the systems for an epoch; each stands there once for each of its batches.
  private mutating func arrange(epoch: Int) {
    if self.epoch == epoch { return }
    let step = UInt64(truncatingIfNeeded: epoch)
    var random =
      switch purpose {
      case .training: CounterRandom(seed: seed, purpose: "training epoch", step: step)
      case .validation: CounterRandom(seed: seed, purpose: "validation epoch", step: step)
      }
    table = systems.enumerated().flatMap { index, system in
      repeatElement(Int32(index), count: system.drawsPerPass)
    }
    random.shuffle(&table)
    self.epoch = epoch
  }

  /// Shuffles the frames of a system for a pass.
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
