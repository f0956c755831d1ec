import Measurement
import Profiling
import Testing

@Suite struct MeasuringCostTests {
  private func cost(_ differences: [Double]) -> MeasuringCost {
    MeasuringCost(
      piecesPerStep: 500, secondsPerPiece: 2e-8, secondsOff: 1e-3, differences: differences)
  }

  @Test func `the share is that of all pieces of a step`() {
    #expect(abs(cost([0]).share - 0.01) <= 1e-12)
  }

  @Test func `the difference is a median, which a disturbed pair of steps does not move`() {
    let quiet = cost([0.01, 0.02, 0.03, 0.04, 0.05]), disturbed = cost([0.01, 0.02, 0.03, 0.04, 9])
    #expect(quiet.difference.value == 0.03 && disturbed.difference.value == 0.03)
    #expect(quiet.difference.uncertainty == disturbed.difference.uncertainty)
  }

  @Test func `the uncertainty is that of a mean of normally distributed numbers`() {
    // Quartiles of a normal distribution are 0.6745 deviations from its mean.
    let quartiles = [-0.6745, -0.6745, 0, 0.6745, 0.6745]
    let expected = 1.25 * (2 * 0.6745 / 1.35) / 5.0.squareRoot()
    #expect(abs(cost(quartiles).difference.uncertainty - expected) <= 1e-12)
  }
}

@Suite struct PartTests {
  @Test func `every phase but steps and handing out has a place in the table and in the step`() {
    for phase in Phase.allCases {
      let isWork = phase != .step && phase != .parallel
      #expect((phase.group != nil) == isWork && (phase.stage != nil) == isWork, "\(phase)")
    }
  }

  @Test func `every group and every stage has a phase`() {
    for group in PhaseGroup.allCases { #expect(Phase.allCases.contains { $0.group == group }) }
    for stage in Stage.allCases { #expect(Phase.allCases.contains { $0.stage == stage }) }
  }

  @Test func `sweep 2 comes behind the loss, which comes behind sweep 1`() {
    let stages = Phase.allCases.compactMap(\.stage)
    for (earlier, later) in [(Stage.sweep1, Stage.loss), (.loss, .sweep2)] {
      let last = stages.lastIndex(of: earlier) ?? .max, first = stages.firstIndex(of: later) ?? 0
      #expect(last < first)
    }
  }
}

@Suite struct BestRateTests {
  @Test func `all threads' units are counted, and each thread is asked by its number`() {
    let seen = SeenThreads()
    let rate = best(of: 1, threads: 3) { number in
      seen.add(number)
      return 0
    }
    #expect(rate == 0 && seen.numbers == [0, 1, 2])
  }
}
