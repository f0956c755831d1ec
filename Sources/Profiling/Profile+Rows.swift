import Measurement

/// What a phase took of the steps' time, and how fast it was.
public struct PhaseRow: Sendable, Equatable {
  /// The phase.
  public let phase: Phase
  /// How often a thread did a piece of it.
  public let calls: Int
  /// Seconds of all threads; the part of all that the threads had; its part of the time of a frame
  /// in seconds.
  public let seconds: Double, share: Double, secondsPerFrame: Double
  /// How fast a thread was; nil where no operations are counted.
  public let rate: Rate?

  /// Speed of one thread.
  public struct Rate: Sendable, Equatable {
    /// GFLOP/s, and the part of what a thread reaches in multiply-adds of the phase's number
    /// format.
    public let gigaflops: Double, shareOfPeak: Double
    /// GB/s, and the part of a thread's bandwidth to memory; more than 1 where caches serve.
    public let gigabytes: Double, shareOfBandwidth: Double
  }
}

extension Profile {
  /// The phases that occurred, in the order of a step.
  public var rows: [PhaseRow] {
    Phase.allCases.filter { $0.part != nil && recording[$0].calls > 0 }.map { phase in
      let total = recording[phase]
      return PhaseRow(
        phase: phase, calls: total.calls, seconds: total.ownSeconds,
        share: total.ownSeconds / threadSeconds,
        secondsPerFrame: total.ownSeconds / Double(threads * frames),
        rate: total.work.operations > 0
          ? rate(total.work, in: total.ownSeconds, of: phase) : nil)
    }
  }

  /// The rate of all counted work over the threads' whole time.
  public var overallRate: PhaseRow.Rate {
    let work = Phase.allCases.reduce(Work.uncounted) { $0 + recording[$1].work }
    return rate(work, in: threadSeconds, of: .fittingForward)
  }

  /// Seconds of threads between phases: what no phase measures.
  public var betweenPhases: Double { recording[.step].ownSeconds }

  /// Seconds in which threads waited for others while work was handed out to all.
  public var waitingInside: Double {
    min(max(Double(threads) * recording[.parallel].seconds - busyInParallel, 0), idle)
  }

  /// Seconds in which all threads but one had nothing to do.
  public var waitingForSerial: Double { max(idle - waitingInside, 0) }

  /// Seconds of threads that no phase and no step accounts for.
  private var idle: Double {
    let own = Phase.allCases.filter { $0 != .parallel }.reduce(0) {
      $0 + recording[$1].ownSeconds
    }
    return max(threadSeconds - own, 0)
  }

  /// Seconds of measured pieces within handed-out work, on all threads.
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
