import Measurement

/// Where the time of some steps went, and what the machine could have done.
public struct Profile: Sendable {
  /// The steps.
  public let kind: Workload.Kind, place: String, model: ModelOutline
  /// The fewest and the most atoms of a frame.
  public let atoms: ClosedRange<Int>
  /// Threads that the steps ran on.
  public let threads: Int
  /// Frames of all recorded steps.
  public let frames: Int
  /// Seconds that each recorded step took.
  public let stepSeconds: [Double]
  /// What was done until the first step.
  public let start: Recording
  /// Seconds of the first step, which nothing was ready for.
  public let firstStepSeconds: Double
  /// The largest resident memory in bytes: before the first step, and after the recorded ones.
  public let startMemory: Int, peakMemory: Int
  /// What was recorded in the steps.
  public let recording: Recording
  /// What was recorded when a line of the learning curve and a checkpoint were written; nil for
  /// evaluations.
  public let writing: Recording?
  /// The machine's limits on one thread, and on `threads` of them.
  public let oneThread: MachineLimits, allThreads: MachineLimits
  /// The same steps on some numbers of threads.
  public let scaling: [ThreadScaling]
  /// What measuring itself costs.
  public let cost: MeasuringCost

  /// Seconds of all recorded steps.
  public var seconds: Double { stepSeconds.reduce(0, +) }
  /// The seconds that all threads had for them.
  public var threadSeconds: Double { Double(threads) * seconds }
}

/// The time of a frame on some number of threads.
public struct ThreadScaling: Sendable, Equatable {
  /// Threads.
  public let threads: Int
  /// Seconds per frame, the median over steps.
  public let secondsPerFrame: Double
}

/// What measuring costs.
public struct MeasuringCost: Sendable, Equatable {
  /// Pieces of work recorded per step.
  public let piecesPerStep: Double
  /// Seconds that one takes, nothing being done in it.
  public let secondsPerPiece: Double
  /// Seconds of a step without measuring, the median.
  public let secondsOff: Double
  /// By what part steps with measuring were longer than their neighbors without, pair by pair.
  public let differences: [Double]

  /// Puts the numbers together.
  package init(
    piecesPerStep: Double, secondsPerPiece: Double, secondsOff: Double, differences: [Double]
  ) {
    self.piecesPerStep = piecesPerStep
    self.secondsPerPiece = secondsPerPiece
    self.secondsOff = secondsOff
    self.differences = differences
  }

  /// The part of a step that the pieces take on one thread.
  public var share: Double { piecesPerStep * secondsPerPiece / max(secondsOff, 1e-12) }
  /// The median of the differences, and how uncertain it is (1.25 standard deviations of a mean, of
  /// a normal distribution with the same quartiles).
  public var difference: (value: Double, uncertainty: Double) {
    let sorted = differences.sorted(), n = sorted.count
    let deviation = (sorted[3 * n / 4] - sorted[n / 4]) / 1.35
    return (median(sorted), 1.25 * deviation / Double(n).squareRoot())
  }
}
