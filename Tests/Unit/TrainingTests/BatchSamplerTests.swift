import Testing
import Training

@Suite struct BatchSamplerTests {
  private func sampler(
    _ order: BatchSampler.Order = .drawn([0.5, 0.25, 0.25]), seed: UInt64 = 1,
    purpose: BatchSampler.Purpose = .training
  ) -> BatchSampler {
    BatchSampler(
      frameCounts: [5, 1, 7], batchSizes: [2, 1, 7], order: order, seed: seed, purpose: purpose)
  }

  @Test func `every epoch uses each frame of each system once, in an order of its own`() {
    var sampler = sampler(.everyBatchOnce)
    let epochs = (0..<20).map { _ in (0..<5).map { _ in sampler.next() } }
    for epoch in epochs {
      for (system, count) in [5, 1, 7].enumerated() {
        let frames = epoch.filter { $0.system == system }.flatMap(\.frames)
        #expect(frames.sorted() == Array(0..<count))
      }
    }
    #expect(Set(epochs.map { $0.map(\.system) }).count > 5)
  }

  @Test func `every pass through a system uses each of its frames once`() {
    var sampler = sampler()
    var frames: [[Int]] = [[], [], []]
    for _ in 0..<600 {
      let batch = sampler.next()
      #expect(batch.frames.count <= [2, 1, 7][batch.system])
      frames[batch.system] += batch.frames
    }
    for (system, count) in [5, 1, 7].enumerated() {
      let passes = frames[system].count / count
      #expect(passes > 20)
      for pass in 0..<passes {
        let used = frames[system][pass * count..<(pass + 1) * count]
        #expect(used.sorted() == Array(0..<count))
      }
    }
    // Two passes in one order would be chance 1/5040.
    #expect(frames[2][0..<7] != frames[2][7..<14])
  }

  @Test func `systems come as often as their probabilities say`() {
    var sampler = sampler()
    var counts = [0, 0, 0]
    for _ in 0..<40_000 { counts[sampler.next().system] += 1 }
    // Four deviations of a binomial count are below 400.
    #expect(abs(counts[0] - 20_000) < 400 && abs(counts[1] - 10_000) < 400)
  }

  @Test func `a system of probability zero is never drawn`() {
    var sampler = BatchSampler(
      frameCounts: [3, 3, 3], batchSizes: [1, 1, 1], order: .drawn([0, 1, 0]), seed: 3,
      purpose: .training)
    #expect((0..<1000).allSatisfy { _ in sampler.next().system == 1 })
  }

  @Test func `mixed batches take single frames of all systems, each frame once an epoch`() {
    var sampler = mixed(.everyBatchOnce)
    #expect(sampler.batchesPerEpoch == 4)
    for _ in 0..<20 {
      let epoch = (0..<4).map { _ in sampler.next().members }
      #expect(epoch.map(\.count) == [4, 4, 4, 1])
      #expect(Set(epoch.joined()).count == 13)
      #expect(epoch.contains { Set($0.map(\.system)).count > 1 })
    }
  }

  @Test func `mixed batches drawn by chance are full and follow the probabilities`() {
    var sampler = mixed(.drawn([0.5, 0, 0.5])), counts = [0, 0, 0]
    #expect(sampler.batchesPerEpoch == nil)
    for _ in 0..<10_000 {
      let batch = sampler.next()
      #expect(batch.members.count == 4)
      for member in batch.members { counts[member.system] += 1 }
    }
    // Four deviations of a binomial count are 400.
    #expect(counts[1] == 0 && abs(counts[0] - 20_000) < 400)
  }

  private func mixed(_ order: BatchSampler.Order) -> BatchSampler {
    BatchSampler(
      frameCounts: [5, 1, 7], batchSizes: [1, 1, 1], drawsPerBatch: 4, order: order, seed: 1,
      purpose: .training)
  }

  @Test(
    arguments: [0, 1, 2, 5, 17, 100],
    [BatchSampler.Order.everyBatchOnce, .drawn([0.5, 0.25, 0.25])])
  func `a sampler that skips goes on exactly`(count: Int, order: BatchSampler.Order) {
    goesOn(sampler(order), after: count)
    goesOn(mixed(order), after: count)
  }

  private func goesOn(_ sampler: BatchSampler, after count: Int) {
    var all = sampler, resumed = sampler
    let batches = (0..<count + 50).map { _ in all.next() }
    resumed.skip(count)
    #expect(resumed.drawn == count)
    #expect((0..<50).map { _ in resumed.next() } == Array(batches.suffix(50)))
    // As a rank does that leaves every other batch to others.
    var every = sampler
    for (number, batch) in batches.enumerated() {
      if number % 2 == 1 { every.pass() } else { #expect(every.next() == batch) }
    }
  }

  @Test func `seeds and purposes draw differently`() {
    var first = sampler(), second = sampler(seed: 2), third = sampler(purpose: .validation)
    let batches = (0..<50).map { _ in first.next() }
    #expect(batches != (0..<50).map { _ in second.next() })
    #expect(batches != (0..<50).map { _ in third.next() })
  }
}

@Suite struct BatchRuleTests {
  @Test(arguments: [
    (BatchRule.fixed(4), 4, true), (.each([1, 3]), 3, true), (.atLeast(atoms: 32), 4, true),
    (.atLeast(atoms: 33), 4, true), (.atLeast(atoms: 37), 5, true), (.atMost(atoms: 32), 3, true),
    (.atMost(atoms: 5), 1, true), (.dropping(atoms: 8), 1, false), (.fixed(1000), 20, true),
    (.mixed(frames: 3), 3, true),
  ])
  func `sizes follow the rule for the second system, of 9 atoms and 20 frames`(
    rule: BatchRule, size: Int, keeps: Bool
  ) {
    #expect(rule.size(index: 1, atoms: 9, frames: 20) == size)
    #expect(rule.keeps(atoms: 9) == keeps)
  }
}

@Suite struct SystemChoiceTests {
  @Test(arguments: [
    (SystemChoice.uniform, [0.25, 0.25, 0.25, 0.25]), (.byBatches, [0.1, 0.2, 0.3, 0.4]),
    (
      .blocks([.init(start: 0, end: 2, weight: 1), .init(start: 3, end: 4, weight: 3)]),
      [0.25 / 3, 0.5 / 3, 0, 0.75]
    ),
    (.given([0.5, -1, -1, 0.25]), [0.5, 0.1, 0.15, 0.25]),
  ])
  func `probabilities follow the rule`(choice: SystemChoice, expected: [Double]) throws {
    let probabilities = try #require(choice.probabilities(batches: [10, 20, 30, 40]))
    for (value, wanted) in zip(probabilities, expected) { #expect(abs(value - wanted) < 1e-14) }
  }

  @Test(arguments: [
    SystemChoice.given([1]), .given([0.7, 0.7]), .given([0.2, 0.2]), .blocks([]),
    .blocks([.init(start: 0, end: 3, weight: 1)]),
    .blocks([.init(start: 0, end: 2, weight: 1), .init(start: 0, end: 1, weight: 1)]),
  ])
  func `a choice that does not fit two systems is refused`(choice: SystemChoice) {
    #expect(choice.probabilities(batches: [10, 20]) == nil)
  }
}

extension Batch {
  /// The system of a batch that is not mixed.
  fileprivate var system: Int { members[0].system }
  /// The frames of a batch that is not mixed.
  fileprivate var frames: [Int] { members.map(\.frame) }
}
