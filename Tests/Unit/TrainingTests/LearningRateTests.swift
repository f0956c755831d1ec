import Files
import Foundation
import TestSupport
import Testing
import Training

/// The schedule that DeePMD-kit's parameters describe.
private func schedule(_ parameters: JSONValue) throws -> LearningRate {
  let start = try #require(parameters["start_lr"]?.double)
  let steps = try #require(parameters["num_steps"]?.int)
  let stop = parameters["stop_lr"]?.double ?? start * (parameters["stop_lr_ratio"]?.double ?? 0)
  let decay: LearningRate.Decay =
    switch parameters["type"]?.text {
    case "cosine": .cosine
    case "wsd":
      .stableThenDecay(
        ratio: try #require(parameters["decay_phase_ratio"]?.double),
        shape: try #require(
          LearningRate.Shape(rawValue: parameters["decay_type"]?.text ?? "inverse_linear")))
    default:
      .exponential(
        steps: try #require(parameters["decay_steps"]?.int),
        rate: parameters["decay_rate"]?.double, isSmooth: parameters["smooth"] == .bool(true))
    }
  let ratio = parameters["warmup_ratio"]?.double
  return LearningRate(
    start: start, stop: stop, totalSteps: steps,
    warmupSteps: ratio.map { Int($0 * Double(steps)) } ?? parameters["warmup_steps"]?.int ?? 0,
    warmupStartFactor: parameters["warmup_start_factor"]?.double ?? 0, decay: decay)
}

@Suite struct LearningRateTests {
  @Test func `every schedule has the rates that DeePMD-kit recorded`() throws {
    let cases = try fixture("lr_schedules.json").elements
    #expect(cases.count == 11)
    for recorded in cases {
      let rate = try schedule(try #require(recorded["params"]))
      let steps = try #require(recorded["steps"]).elements.compactMap(\.int)
      let expected = try #require(recorded["lr"]).numbers
      #expect(steps.count == expected.count && !steps.isEmpty)
      for (step, value) in zip(steps, expected) {
        // Powers and cosines of two libraries: a few ulps apart.
        #expect(abs(rate.value(at: step) - value) <= 1e-13 * value, "\(recorded) at \(step)")
      }
    }
  }

  @Test func `decay steps that do not fit into the run are shortened`() {
    let rate = LearningRate(
      start: 1e-3, stop: 1e-8, totalSteps: 500,
      decay: .exponential(steps: 5000, rate: nil, isSmooth: false))
    guard case .exponential(let steps, _, _) = rate.decay else { return }
    #expect(steps == 6)
  }
}
