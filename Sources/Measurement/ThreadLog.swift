import Foundation
import Synchronization

/// One measured piece of work on one thread.
public struct Event: Sendable, Equatable {
  /// What was done.
  public var phase: Phase
  /// Begin and end in nanoseconds of the machine's steady clock.
  public var start: UInt64, end: UInt64
  /// What it took.
  public var work: Work
}

/// All pieces of work of one phase on one thread.
public struct PhaseTotal: Sendable, Equatable {
  /// How often.
  public var calls = 0
  /// Seconds from begin to end, and those of them that no measured piece inside took.
  public var seconds = 0.0, ownSeconds = 0.0
  /// The work of all calls.
  public var work = Work.uncounted

  /// None.
  public init() {}

  /// Those of two threads together.
  public static func + (a: PhaseTotal, b: PhaseTotal) -> PhaseTotal {
    var sum = a
    sum.calls += b.calls
    sum.seconds += b.seconds
    sum.ownSeconds += b.ownSeconds
    sum.work = a.work + b.work
    return sum
  }
}

/// Begin of a piece of work on its way.
@usableFromInline struct Span {
  let log: ThreadLog
  let phase: Phase
  let recording: Int
  let start: UInt64
}

/// What one thread records; only that thread writes to it.
///
/// Its memory stays where it is, so that others may look at it at any time; they see all of a piece
/// that has ended.
@usableFromInline final class ThreadLog: @unchecked Sendable {
  // Unchecked: one writer, which publishes through `eventCount`.
  /// Most events a log can hold.
  static let mostEvents = 1 << 16
  /// Which log it is, in the order in which threads came.
  let number: Int
  let recording = Atomic(0)
  private let eventCount = Atomic(0)
  private let events = UnsafeMutablePointer<Event>.allocate(capacity: mostEvents)
  private let totals = UnsafeMutablePointer<PhaseTotal>.allocate(capacity: Phase.allCases.count)
  /// The pieces on their way, each with the nanoseconds that the finished pieces inside it took.
  private var open: [(phase: Phase, inside: UInt64)] = []
  private var limit = 0

  /// Logs live as long as the process.
  init(number: Int) {
    self.number = number
    totals.initialize(repeating: PhaseTotal(), count: Phase.allCases.count)
  }

  /// Opens a piece of work; forgets everything first if another recording, of at most `limit`
  /// events, has begun.
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

  /// The innermost phase that is work, unless it is a whole step.
  var innermost: Phase? {
    let phase = open.last { $0.phase != .parallel }?.phase
    return phase == .step ? nil : phase
  }

  /// Closes the innermost piece of work.
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

  /// What it holds.
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
  // A piece that began before the present recording belongs to none.
  guard span.log.recording.load(ordering: .relaxed) == span.recording else { return }
  span.log.end(
    Event(phase: span.phase, start: span.start, end: end, work: work), isContinued: isContinued)
}

@usableFromInline func innermostPhase() -> Phase? { ThreadLogs.shared.current.innermost }
