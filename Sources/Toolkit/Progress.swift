import Foundation

/// The state and the text of a progress line.
package struct Progress {
  private let start: ContinuousClock.Instant
  private let startedWith: Int
  private var lastShown: ContinuousClock.Instant?

  /// Starts to count the speed at `now`, after `done` units, of which a resumed run has some.
  package init(startedAt now: ContinuousClock.Instant, with done: Int) {
    start = now
    startedWith = done
  }

  /// Whether a line is due: on a terminal ten in a second, elsewhere one in five seconds, and
  /// always the last one.
  package mutating func isDue(
    at now: ContinuousClock.Instant, onTerminal: Bool, isLast: Bool
  ) -> Bool {
    let interval: Duration = onTerminal ? .milliseconds(100) : .seconds(5)
    if let lastShown, !isLast, now - lastShown < interval { return false }
    lastShown = now
    return true
  }

  /// The line `step 1200/20000  rmse_f 0.12  35.1 steps/s  ETA 8:54`, and the same for a terminal,
  /// with faint names.
  ///
  /// If it is wider than `columns`, the least important terms are left out, of equally important
  /// ones the last; step and remaining time stay.
  package func line(
    _ unit: String, _ done: Int, of total: Int, terms: [ProgressTerm],
    at now: ContinuousClock.Instant, columns: Int = .max
  ) -> (plain: String, styled: String) {
    let padding = String(repeating: " ", count: max(0, String(total).count - String(done).count))
    let head = ProgressTerm(unit, "\(padding)\(done)/\(total)")
    var rest = times(unit, done, of: total, at: now)
    // If the caller gives a speed of its own, the steps per second are left out.
    if terms.contains(where: { $0.name.isEmpty }) { rest = Array(rest.suffix(1)) }
    var length = ([head] + rest).reduce(-2) { $0 + $1.length + 2 }
    let ranked = terms.indices.sorted { (-terms[$0].importance, $0) < (-terms[$1].importance, $1) }
    let fitting = ranked.prefix { index in
      length += terms[index].length + 2
      return length < columns
    }
    let parts = [head] + fitting.sorted().map { terms[$0] } + rest
    let plain = parts.map(\.plain).joined(separator: "  ")
    let fit = Self.fit(plain, columns: columns)
    let styled = parts.map(\.styled).joined(separator: "  ")
    return (fit, fit == plain ? styled : fit)
  }

  /// The speed, and the remaining time or the time taken.
  private func times(
    _ unit: String, _ done: Int, of total: Int, at now: ContinuousClock.Instant
  ) -> [ProgressTerm] {
    let seconds = (now - start) / .seconds(1)
    guard done > startedWith, seconds > 0 else { return [] }
    let speed = Double(done - startedWith) / seconds
    let isLast = done >= total
    let clock = Self.clock(isLast ? seconds : Double(total - done) / speed)
    return [
      ProgressTerm("", "\(Self.short(speed)) \(unit)s/s"),
      ProgressTerm(isLast ? "took" : "ETA", clock),
    ]
  }

  /// Cuts `line` so that it does not wrap on a terminal of `columns` columns.
  private static func fit(_ line: String, columns: Int) -> String {
    line.count < columns ? line : String(line.prefix(max(0, columns - 2))) + "…"
  }

  /// A speed with three digits: 1234, 35.1, 0.123.
  package static func short(_ speed: Double) -> String {
    speed >= 99.95
      ? String(format: "%.0f", speed) : String(format: speed >= 9.995 ? "%.1f" : "%.2f", speed)
  }

  /// A time as 8:54 or 1:08:54.
  package static func clock(_ seconds: Double) -> String {
    let whole = Int(min(max(seconds.rounded(), 0), 1e9))
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    return hours > 0
      ? String(format: "%d:%02d:%02d", hours, minutes, rest)
      : String(format: "%d:%02d", minutes, rest)
  }
}

extension ProgressTerm {
  fileprivate var plain: String { name.isEmpty ? value : "\(name) \(value)" }

  fileprivate var length: Int { plain.count }

  /// The name fainter than the value.
  fileprivate var styled: String { name.isEmpty ? value : "\u{1B}[2m\(name)\u{1B}[22m \(value)" }
}
