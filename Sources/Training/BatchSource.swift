import Diagnostics

/// Systems and the order in which batches are drawn from them.
public struct BatchSource: Sendable {
  /// The systems that take part.
  public let systems: [LabeledSystem]
  /// The frames in a batch of each system, one number for all if batches are mixed; and the frames
  /// in all systems.
  public let batchSizes: [Int], frameCount: Int
  /// The number of batches after which every frame has been used.
  ///
  /// Where systems are drawn by chance, this is the expected number for the system that needs most:
  /// the largest ratio of a system's batches to its probability, as in DeePMD-kit.
  public let batchesPerEpoch: Double
  private var sampler: BatchSampler
  /// Batches are counted in groups of `groupSize`; this source hands out those at the places
  /// `share` of each group.
  private var groupSize = 1, share = 0..<1

  /// Draws from `systems` by the rules of the object at `place` of input.json.
  ///
  /// Throws `.configuration` if a rule does not fit the systems.
  public init(
    _ systems: [LabeledSystem], rule: BatchRule, choice: SystemChoice, seed: UInt64,
    purpose: BatchSampler.Purpose, place: String
  ) throws {
    if case .each(let sizes) = rule, sizes.count != systems.count {
      throw ToolError(
        .configuration, at: "\(place)/batch_size",
        "found \(counted(sizes.count, "number")), expected one for each of \(counted(systems.count, "system"))"
      )
    }
    self.systems = systems.filter { rule.keeps(atoms: $0.atomCount) }
    guard !self.systems.isEmpty else {
      throw ToolError(
        .configuration, at: "\(place)/batch_size", "leaves out every system",
        remedy: "raise the limit of \"filter\"")
    }
    let frameCounts = self.systems.map(\.frameCount)
    var sizes = self.systems.enumerated().map {
      rule.size(index: $0, atoms: $1.atomCount, frames: $1.frameCount)
    }
    frameCount = frameCounts.reduce(0, +)
    var drawsPerBatch = 1
    if case .mixed(let frames) = rule {
      batchSizes = [frames]
      drawsPerBatch = frames
      sizes = sizes.map { _ in 1 }
    } else {
      batchSizes = sizes
    }
    let draws = BatchSampler.batchCounts(frameCounts: frameCounts, batchSizes: sizes)
    guard let probabilities = choice.probabilities(batches: draws) else {
      throw ToolError(
        .configuration, at: "\(place)/\(choice.key)",
        "does not fit \(counted(self.systems.count, "system")): \(choice.condition)")
    }
    sampler = BatchSampler(
      frameCounts: frameCounts, batchSizes: sizes, drawsPerBatch: drawsPerBatch,
      order: choice == .byBatches ? .everyBatchOnce : .drawn(probabilities), seed: seed,
      purpose: purpose)
    let chances = zip(draws, probabilities).map { $1 > 0 ? Double($0) / $1 : 0 }
    batchesPerEpoch =
      sampler.batchesPerEpoch.map(Double.init)
      ?? ((chances.max() ?? 1) / Double(drawsPerBatch)).rounded(.up)
  }

  /// Restricts this source to the batches at the places `share` of every group of `groupSize`;
  /// other ranks take the others.
  ///
  /// It must be called before the first batch.  An empty `share` hands out nothing.
  public mutating func handOut(_ share: Range<Int>, ofEvery groupSize: Int) {
    precondition(sampler.drawn == 0 && share.upperBound <= groupSize)
    (self.groupSize, self.share) = (groupSize, share)
  }

  /// Draws the next batch of this source.
  public mutating func next() -> Batch {
    precondition(!share.isEmpty, "there is no batch for this rank")
    while !share.contains(sampler.drawn % groupSize) { sampler.pass() }
    return sampler.next()
  }

  /// The number of the batch that was drawn last, counted over all ranks.
  var lastNumber: Int { sampler.drawn - 1 }

  /// Counts `count` more batches as drawn, including those that other ranks take.
  public mutating func skip(_ count: Int) { sampler.skip(count) }

  /// Names the systems and frames of a batch for messages: `water/data_0, frames 3 and 17`.
  public func place(of batch: Batch) -> String {
    var parts: [(system: Int, frames: [String])] = []
    for member in batch.members {
      if parts.last?.system != member.system { parts.append((member.system, [])) }
      parts[parts.count - 1].frames.append(String(member.frame))
    }
    return parts.map { system, frames in
      "\(systems[system].place), \(frames.count == 1 ? "frame" : "frames") "
        + frames.joined(separator: ", ")
    }.joined(separator: "; ")
  }
}

extension SystemChoice {
  /// The key in input.json that sets this choice.
  fileprivate var key: String {
    if case .given = self { "sys_probs" } else { "auto_prob" }
  }

  /// The condition that the values of this key must meet.
  fileprivate var condition: String {
    if case .given = self {
      "it needs a number for each system, and the numbers that are not negative must add up to 1, "
        + "or to less than 1 if there are negative ones"
    } else {
      "its blocks must lie within the systems and must not overlap, and their weights must be above 0"
    }
  }
}
