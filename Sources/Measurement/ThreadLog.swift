import Glibc
import Synchronization

/// One measured piece of work on one thread.
public struct Event: Sendable, Equatable {
  /// The phase of the work.
  public var phase: Phase
  /// Begin and end in nanoseconds of the machine's steady clock.
  public var start: UInt64, end: UInt64
  /// The counted operations and bytes.
  public var work: Work
}

/// All pieces of work of one phase on one thread.
public struct PhaseTotal: Sendable, Equatable {
  /// The number of pieces.
  public var calls = 0
  /// The seconds from begin to end, and those of them outside of all measured pieces inside.
  public var seconds = 0.0, ownSeconds = 0.0
  /// The work of all calls.
  public var work = Work.uncounted

  /// Starts with all numbers at zero.
  public init() {}

  /// The sum over two threads.
  public static func + (a: PhaseTotal, b: PhaseTotal) -> PhaseTotal {
    var sum = a
    sum.calls += b.calls
    sum.seconds += b.seconds
    sum.ownSeconds += b.ownSeconds
    sum.work = a.work + b.work
    return sum
  }
}

/// The begin of an unfinished piece of work.
@usableFromInline struct Span {
  let log: ThreadLog
  let phase: Phase
  let recording: Int
  let start: UInt64
}

/// The log of one thread; only that thread writes to it.
///
/// Its memory does not move, so other threads may read it at any time; they see finished pieces
/// completely.
@usableFromInline final class ThreadLog: @unchecked Sendable {
  // Unchecked, because there is one writer, which publishes its pieces through `eventCount`.
  /// The largest number of events in a log.
  static let mostEvents = 1 << 16
  /// The number of the log, in the order in which threads first measured something.
  let number: Int
  let recording = Atomic(0)
  private let eventCount = Atomic(0)
  private let events = UnsafeMutablePointer<Event>.allocate(capacity: mostEvents)
  private let totals = UnsafeMutablePointer<PhaseTotal>.allocate(capacity: Phase.allCases.count)
  /// The unfinished pieces, each with the nanoseconds of the finished pieces inside it.
  private var open: [(phase: Phase, inside: UInt64)] = []
  private var limit = 0

  /// A log lives as long as the process.
  init(number: Int) {
    self.number = number
    totals.initialize(repeating: PhaseTotal(), count: Phase.allCases.count)
  }

  /// Begins a piece of work; clears the log first if another recording, of at most `limit` events,
  /// has begun.
  func begin(_ phase: Phase, recording new: Int, limit: Int) {
    if recording.load(ordering: .relaxed) != new {
      self.limit = min(limit, ThreadLog.mostEvents)
      totals.update(repeating: PhaseTotal(), count: Phase.allCases.count)
      open.removeAll(keepingCapacity: true)
      eventCount.store(0, ordering: .relaxed)
      recording.store(new, ordering: .releasing)
    }
    open.append((phase, 0))
  }

  /// The innermost phase that is work, except for a whole step.
  var innermost: Phase? {
    let phase = open.last { $0.phase != .parallel }?.phase
    return phase == .step ? nil : phase
  }

  /// Ends the innermost piece of work.
  func end(_ event: Event, isContinued: Bool) {
    guard let piece = open.popLast() else { return }
    let duration = event.end - event.start
    if let outer = open.indices.last { open[outer].inside += duration }
    let total = totals + Int(event.phase.rawValue)
    if !isContinued { total.pointee.calls += 1 }
    total.pointee.seconds += 1e-9 * Double(duration)
    total.pointee.ownSeconds += 1e-9 * Double(duration - min(piece.inside, duration))
    total.pointee.work = total.pointee.work + event.work
    let count = eventCount.load(ordering: .relaxed)
    if count < limit { (events + count).initialize(to: event) }
    eventCount.store(count + 1, ordering: .releasing)
  }

  /// The content of the log.
  var content: Recording.Thread {
    let count = eventCount.load(ordering: .acquiring), kept = min(count, limit)
    return Recording.Thread(
      number: number, events: Array(UnsafeBufferPointer(start: events, count: kept)),
      droppedEvents: count - kept,
      totals: Array(UnsafeBufferPointer(start: totals, count: Phase.allCases.count)))
  }
}

/// Nanoseconds of the machine's steady clock.
@usableFromInline func now() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

@usableFromInline func beginSpan(_ phase: Phase) -> Span {
  let logs = ThreadLogs.shared, log = logs.current
  let recording = logs.recording.load(ordering: .relaxed)
  log.begin(phase, recording: recording, limit: logs.eventLimit.load(ordering: .relaxed))
  return Span(log: log, phase: phase, recording: recording, start: now())
}

@usableFromInline func endSpan(
  _ span: Span, at end: UInt64, _ work: Work, isContinued: Bool = false
) {
  // A piece that began before the present recording is not recorded.
  guard span.log.recording.load(ordering: .relaxed) == span.recording else { return }
  span.log.end(
    Event(phase: span.phase, start: span.start, end: end, work: work), isContinued: isContinued)
}

@usableFromInline func innermostPhase() -> Phase? { ThreadLogs.shared.current.innermost }
