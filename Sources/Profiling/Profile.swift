import Measurement

/// The times of some steps by phase, and the limits of the machine.
public struct Profile: Sendable {
  /// The kind of the steps, the file they come from, and the model.
  public let kind: Workload.Kind, place: String, model: ModelOutline
  /// The fewest and the most atoms of a frame.
  public let atoms: ClosedRange<Int>
  /// The number of threads of the steps.
  public let threads: Int
  /// The number of frames in all recorded steps.
  public let frames: Int
  /// The seconds of each recorded step.
  public let stepSeconds: [Double]
  /// The recording until the first step.
  public let start: Recording
  /// The seconds of the first step, for which nothing is ready.
  public let firstStepSeconds: Double
  /// The largest resident memory in bytes: before the first step, and after the recorded ones.
  public let startMemory: Int, peakMemory: Int
  /// The recording of the steps.
  public let recording: Recording
  /// The recording of a line of the learning curve and a checkpoint; nil for evaluations.
  public let writing: Recording?
  /// The machine's limits on one thread, and on `threads` threads.
  public let oneThread: MachineLimits, allThreads: MachineLimits
  /// The times of the same steps on several numbers of threads.
  public let scaling: [ThreadScaling]
  /// The cost of measuring.
  public let cost: MeasuringCost

  /// The seconds of all recorded steps.
  public var seconds: Double { stepSeconds.reduce(0, +) }
  /// The seconds of all threads in these steps, working or not.
  public var threadSeconds: Double { Double(threads) * seconds }
}

/// The time of a frame on a number of threads.
public struct ThreadScaling: Sendable, Equatable {
  /// The number of threads.
  public let threads: Int
  /// The seconds per frame, as the median over steps.
  public let secondsPerFrame: Double
}

/// The cost of measuring.
public struct MeasuringCost: Sendable, Equatable {
  /// The number of pieces of work recorded per step.
  public let piecesPerStep: Double
  /// The seconds to record an empty piece.
  public let secondsPerPiece: Double
  /// The seconds of a step without measuring, as the median.
  public let secondsOff: Double
  /// For each pair of neighboring steps, the fraction by which the step with measuring was longer.
  public let differences: [Double]

  /// Joins the numbers.
  package init(
    piecesPerStep: Double, secondsPerPiece: Double, secondsOff: Double, differences: [Double]
  ) {
    self.piecesPerStep = piecesPerStep
    self.secondsPerPiece = secondsPerPiece
    self.secondsOff = secondsOff
    self.differences = differences
  }

  /// The fraction of a step that recording takes on one thread.
  public var share: Double { piecesPerStep * secondsPerPiece / max(secondsOff, 1e-12) }
  /// The median of the differences, and its uncertainty: 1.25 standard deviations of the mean, for
  /// a normal distribution with the same quartiles.
  public var difference: (value: Double, uncertainty: Double) {
    let sorted = differences.sorted(), n = sorted.count
    let deviation = (sorted[3 * n / 4] - sorted[n / 4]) / 1.35
    return (median(sorted), 1.25 * deviation / Double(n).squareRoot())
  }
}
