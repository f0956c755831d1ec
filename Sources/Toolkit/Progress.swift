import Foundation

/// The state and the wording of a progress line.
package struct Progress {
  private let start: ContinuousClock.Instant
  private let startedWith: Int
  private var lastShown: ContinuousClock.Instant?

  /// Starts counting speed at `now`, with `done` units behind us (a resumed run has some).
  package init(startedAt now: ContinuousClock.Instant, with done: Int) {
    start = now
    startedWith = done
  }

  /// Whether a line is due: ten a second on a terminal, one in five seconds elsewhere, and the last.
  package mutating func isDue(
    at now: ContinuousClock.Instant, onTerminal: Bool, isLast: Bool
  ) -> Bool {
    let interval: Duration = onTerminal ? .milliseconds(100) : .seconds(5)
    if let lastShown, !isLast, now - lastShown < interval { return false }
    lastShown = now
    return true
  }

  /// The line: `step 1200/20000  rmse_f 0.12  35.1 steps/s  ETA 8:54`.
  ///
  /// Where `columns` are too few, the last terms are left out, so that step and remaining time stay.
  package func line(
    _ unit: String, _ done: Int, of total: Int, terms: [(name: String, value: String)],
    at now: ContinuousClock.Instant, columns: Int = .max
  ) -> String {
    let width = String(total).count
    let padding = String(repeating: " ", count: max(0, width - String(done).count))
    var parts = ["\(unit) \(padding)\(done)/\(total)"]
    let times = times(unit, done, of: total, at: now)
    var length = (parts + times).reduce(-2) { $0 + $1.count + 2 }
    for term in terms.map({ "\($0.name) \($0.value)" }) {
      length += term.count + 2
      if length >= columns { break }
      parts.append(term)
    }
    return Self.fit((parts + times).joined(separator: "  "), columns: columns)
  }

  /// Speed, and time left or taken.
  private func times(
    _ unit: String, _ done: Int, of total: Int, at now: ContinuousClock.Instant
  ) -> [String] {
    let seconds = (now - start) / .seconds(1)
    guard done > startedWith, seconds > 0 else { return [] }
    let speed = Double(done - startedWith) / seconds
    let isLast = done >= total
    let clock = Self.clock(isLast ? seconds : Double(total - done) / speed)
    return ["\(Self.short(speed)) \(unit)s/s", "\(isLast ? "took" : "ETA") \(clock)"]
  }

  /// Cuts `line` so that it does not wrap on a terminal of `columns`.
  private static func fit(_ line: String, columns: Int) -> String {
    line.count < columns ? line : String(line.prefix(max(0, columns - 2))) + "…"
  }

  /// Three digits of a speed: 1234, 35.1, 0.123.
  static func short(_ speed: Double) -> String {
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
