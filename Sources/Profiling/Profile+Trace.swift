import Files
import Measurement

/// The largest number of events in a trace; with this, files have some ten megabytes, which viewers
/// open easily.
private let mostTraceEvents = 50_000

extension Profile {
  /// The first recorded steps as a Chrome trace, for Perfetto or chrome://tracing: the pieces of
  /// work of each thread.
  ///
  /// It has as many whole steps as fit into 50,000 events.
  /// Source: "Trace Event Format", complete events (`ph` "X") with `ts` and `dur` in µs.
  public var trace: String {
    let threads = tracedThreads
    var lines = [
      metadata("process_name", thread: 0, "dp-profile: \(kind.rawValue), \(place)")
    ]
    for (number, thread) in threads.enumerated() {
      lines.append(metadata("thread_name", thread: number, thread.name))
      lines += thread.events.map { event($0, thread: number) }
    }
    return "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n" + lines.joined(separator: ",\n")
      + "\n]}\n"
  }

  /// The working threads, first the one that does the steps; their events are in the order of their
  /// beginnings.
  private var tracedThreads: [(name: String, events: [Event])] {
    let end = traceEnd
    let isMain = { (thread: Recording.Thread) in
      thread.totals[Int(Phase.step.rawValue)].calls > 0
    }
    let others = recording.threads.filter { !isMain($0) }
      .sorted { ($0.events.first?.start ?? 0) < ($1.events.first?.start ?? 0) }
    return (recording.threads.filter(isMain) + others).enumerated().map { number, thread in
      let events = thread.events.filter { $0.end <= end }
        .sorted { ($0.start, $1.end) < ($1.start, $0.end) }
      return (number == 0 ? "main" : "worker \(number)", events)
    }
  }

  /// The end of the last step in the trace.
  private var traceEnd: UInt64 {
    // A log that was too short ends within a step.
    let whole =
      recording.threads.filter { $0.droppedEvents > 0 }.compactMap { $0.events.last?.end }.min()
      ?? recording.end
    let steps = recording.threads.flatMap(\.events).filter { $0.phase == .step }.map(\.end)
      .filter { $0 <= whole }.sorted()
    let ends = recording.threads.flatMap(\.events).map(\.end).sorted()
    let limit = ends.count > mostTraceEvents ? ends[mostTraceEvents] : recording.end
    return steps.last { $0 < limit } ?? steps.first ?? limit
  }

  private func event(_ event: Event, thread: Int) -> String {
    var text =
      "{\"ph\":\"X\",\"pid\":1,\"tid\":\(thread),\"name\":\"\(event.phase.name)\",\"cat\":\""
      + (event.phase.group?.rawValue ?? "step")
      + "\",\"ts\":\(microseconds(event.start - recording.start)),"
      + "\"dur\":\(microseconds(event.end - event.start))"
    if event.work.operations > 0, event.end > event.start {
      let rate = event.work.operations / Double(event.end - event.start)
      text += ",\"args\":{\"GFLOP/s\":\(fixed(rate, 1))}"
    }
    return text + "}"
  }

  private func metadata(_ kind: String, thread: Int, _ name: String) -> String {
    JSONValue.object([
      "ph": .string("M"), "pid": .integer(1), "tid": .integer(thread), "name": .string(kind),
      "args": .object(["name": .string(name)]),
    ]).serialized
  }

  /// Nanoseconds as µs, exactly.
  private func microseconds(_ nanoseconds: UInt64) -> String {
    "\(nanoseconds / 1000)." + String(String(nanoseconds % 1000 + 1000).dropFirst())
  }
}
