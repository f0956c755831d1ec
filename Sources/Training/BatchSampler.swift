import Random

/// The frames of one batch.
public struct Batch: Sendable, Equatable {
  /// A frame of a system, by their indices.
  public struct Member: Sendable, Hashable {
    /// Index of the system.
    public let system: Int
    /// Index of the frame in it.
    public let frame: Int

    /// Names a frame.
    public init(system: Int, frame: Int) {
      self.system = system
      self.frame = frame
    }
  }

  /// The frames: all of one system, unless batches are mixed.
  public let members: [Member]
}

/// Draws batches: a system, then the next frames of that system's shuffled order.
///
/// Each pass through a system uses every frame once; the last batch of a pass may be smaller.  A
/// mixed batch puts several such draws together; of one epoch only, so that its last batch may be
/// smaller.  The n-th batch depends on the seed, the purpose, n and the data alone, so the number
/// of batches drawn is all there is to remember.
/// Source: docs/MATH.md, "Batches"; deepmd-pytorch's and DeePMD-kit's samplers.
public struct BatchSampler: Sendable {
  /// What the batches are for; each purpose has its own stream of chance.
  public enum Purpose: Sendable {
    case training
    case validation
  }

  /// Which system a batch comes from.
  public enum Order: Sendable, Equatable {
    /// In an epoch each system comes as often as it has batches, in random order: every frame is
    /// used once.
    case everyBatchOnce
    /// Drawn for each batch with these probabilities, one per system, of sum 1.
    case drawn([Double])
  }

  private struct System: Sendable {
    let frameCount: Int, batchSize: Int
    /// Times drawn so far.
    var drawn = 0
    /// The order of the frames in the pass `pass`; empty before it is needed.
    var order: [Int32] = []
    var pass = -1

    var drawsPerPass: Int { (frameCount + batchSize - 1) / batchSize }
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
  /// Number of times a system was drawn.
  private var draws = 0
  /// Draws of one batch, and of one epoch; the latter is 0 if there are no epochs.
  private let drawsPerBatch: Int, drawsPerEpoch: Int

  /// Makes a sampler for systems with `frameCounts` frames, `batchSizes` at a time; a batch is made
  /// of `drawsPerBatch` of these.
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

  /// Batches in one pass through each system.
  public static func batchCounts(frameCounts: [Int], batchSizes: [Int]) -> [Int] {
    zip(frameCounts, batchSizes).map { ($0 + $1 - 1) / $1 }
  }

  /// Batches in an epoch; nil if there are no epochs.
  public var batchesPerEpoch: Int? {
    drawsPerEpoch == 0 ? nil : (drawsPerEpoch + drawsPerBatch - 1) / drawsPerBatch
  }

  /// The next batch.
  public mutating func next() -> Batch {
    var members: [Batch.Member] = []
    forEachDraw { members += $0.nextMembers() }
    return Batch(members: members)
  }

  /// Goes on as if one more batch had been drawn, without looking at its frames.
  public mutating func pass() { forEachDraw { _ = $0.nextSystem() } }

  /// Goes on as if `count` batches had been drawn, without looking at their frames.
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
    // The first system whose cumulative probability exceeds x: one of probability 0 never does so
    // first.
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
      repeatElement(Int32(index), count: system.drawsPerPass)
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
