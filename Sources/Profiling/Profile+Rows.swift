import Measurement

/// The share of a phase in the steps' time, and its rate.
public struct PhaseRow: Sendable, Equatable {
  /// The phase.
  public let phase: Phase
  /// The number of pieces of work in the phase.
  public let calls: Int
  /// The seconds of all threads; their fraction of the time that all threads had; the same fraction
  /// of the time of a frame, in seconds.
  public let seconds: Double, share: Double, secondsPerFrame: Double
  /// The rate of a thread; nil where no operations are counted.
  public let rate: Rate?

  /// The rate of one thread.
  public struct Rate: Sendable, Equatable {
    /// GFLOP/s, and their fraction of a thread's peak in multiply-adds of the phase's number
    /// format.
    public let gigaflops: Double, shareOfPeak: Double
    /// GB/s, and their fraction of a thread's bandwidth to memory; more than 1 where the caches
    /// serve.
    public let gigabytes: Double, shareOfBandwidth: Double
  }
}

extension Profile {
  /// The phases that occurred, in the order of a step.
  public var rows: [PhaseRow] {
    Phase.allCases.filter { $0.group != nil && recording[$0].calls > 0 }.map { phase in
      let total = recording[phase]
      return PhaseRow(
        phase: phase, calls: total.calls, seconds: total.ownSeconds,
        share: total.ownSeconds / threadSeconds,
        secondsPerFrame: total.ownSeconds / Double(threads * frames),
        rate: total.work.operations > 0
          ? rate(total.work, in: total.ownSeconds, of: phase) : nil)
    }
  }

  /// The rate of all counted work over the whole time of the threads.
  public var overallRate: PhaseRow.Rate {
    let work = Phase.allCases.reduce(Work.uncounted) { $0 + recording[$1].work }
    return rate(work, in: threadSeconds, of: .fittingForward)
  }

  /// The seconds of threads that belong to no phase.
  public var betweenPhases: Double { recording[.step].ownSeconds }

  /// The seconds in which threads waited for others while all had been given work.
  public var waitingInside: Double {
    min(max(Double(threads) * recording[.parallel].seconds - busyInParallel, 0), idle)
  }

  /// The seconds in which all threads but one had no work.
  public var waitingForSerial: Double { max(idle - waitingInside, 0) }

  /// The seconds of threads that belong to no phase and no step.
  private var idle: Double {
    let own = Phase.allCases.filter { $0 != .parallel }.reduce(0) {
      $0 + recording[$1].ownSeconds
    }
    return max(threadSeconds - own, 0)
  }

  /// The seconds of measured pieces, on all threads, while all had been given work.
  private var busyInParallel: Double {
    let caller = recording[.parallel].seconds - recording[.parallel].ownSeconds
    let others = recording.threads.filter { $0.totals[Int(Phase.step.rawValue)].calls == 0 }
    return caller
      + others.reduce(0) { $0 + $1.totals.reduce(0) { $0 + $1.ownSeconds } }
  }

  private func rate(_ work: Work, in seconds: Double, of phase: Phase) -> PhaseRow.Rate {
    let count = Double(threads), seconds = max(seconds, 1e-12)
    let peak = phase.precision(in: model) == .float64 ? allThreads.float64 : allThreads.float32
    let gigaflops = 1e-9 * work.operations / seconds, gigabytes = 1e-9 * work.bytes / seconds
    return PhaseRow.Rate(
      gigaflops: gigaflops, shareOfPeak: gigaflops / (peak / count), gigabytes: gigabytes,
      shareOfBandwidth: gigabytes / (allThreads.bandwidth / count))
  }
}
