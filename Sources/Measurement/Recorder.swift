import Synchronization

/// The recording from `Recorder.begin` to `Recorder.finish`.
public struct Recording: Sendable, Equatable {
  /// The recording of one thread.
  public struct Thread: Sendable, Equatable {
    /// The number of the thread, which stays the same in all recordings.
    public var number: Int
    /// The thread's pieces of work in the order in which they ended.
    public var events: [Event]
    /// The number of further pieces, for which there was no room; totals include them.
    public var droppedEvents: Int
    /// The totals of each phase, indexed by its raw value.
    public var totals: [PhaseTotal]
  }

  /// The threads that measured something.
  public var threads: [Thread]
  /// Begin and end in nanoseconds of the machine's steady clock.
  public var start: UInt64, end: UInt64

  /// Seconds from begin to end.
  public var seconds: Double { 1e-9 * Double(end - start) }

  /// The total of `phase` over all threads.
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
  /// Work that other threads have begun before is not recorded.
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

  /// Ends the recording.  Unfinished work is not in it, so all threads should have finished the
  /// work that they measure.
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
