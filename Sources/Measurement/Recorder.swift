import Synchronization

/// What was recorded between `Recorder.begin` and `Recorder.finish`.
public struct Recording: Sendable, Equatable {
  /// What one thread did.
  public struct Thread: Sendable, Equatable {
    /// Numbers stay with a thread from recording to recording.
    public var number: Int
    /// Its pieces of work, in the order in which they ended.
    public var events: [Event]
    /// How many more there were than it could keep; totals have them.
    public var droppedEvents: Int
    /// What each phase took, indexed by its raw value.
    public var totals: [PhaseTotal]
  }

  /// The threads that measured something.
  public var threads: [Thread]
  /// Begin and end in nanoseconds of the machine's steady clock.
  public var start: UInt64, end: UInt64

  /// Seconds from begin to end.
  public var seconds: Double { 1e-9 * Double(end - start) }

  /// What `phase` took on all threads.
  public subscript(phase: Phase) -> PhaseTotal {
    threads.reduce(PhaseTotal()) { $0 + $1.totals[Int(phase.rawValue)] }
  }
}

/// Turns measuring on and off; one recording at a time in a process.
public enum Recorder {
  private static let start = Mutex<UInt64?>(nil)

  /// Starts a recording that keeps at most `events` pieces of work per thread, and never more than
  /// 65,536.
  ///
  /// What is under way on other threads is not recorded.
  public static func begin(events: Int = .max) {
    precondition(events >= 0)
    start.withLock { start in
      precondition(start == nil, "a recording is under way")
      ThreadLogs.shared.eventLimit.store(events, ordering: .relaxed)
      ThreadLogs.shared.recording.wrappingAdd(1, ordering: .relaxed)
      start = now()
      isMeasuring.store(true, ordering: .releasing)
    }
  }

  /// Ends the recording.  What is under way is not in it, so all threads should have finished what
  /// they measure.
  public static func finish() -> Recording {
    start.withLock { start in
      guard let begin = start else { preconditionFailure("no recording is under way") }
      isMeasuring.store(false, ordering: .relaxed)
      start = nil
      let number = ThreadLogs.shared.recording.load(ordering: .relaxed)
      let end = now()
      let logs = ThreadLogs.shared.all.filter {
        $0.recording.load(ordering: .acquiring) == number
      }
      return Recording(threads: logs.map(\.content), start: begin, end: end)
    }
  }
}
