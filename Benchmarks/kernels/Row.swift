import Measurement

/// One kernel's time, and what it did in it.
struct Row: Codable {
  /// What was timed, of which kind.
  let name: String, precision: String
  /// Seconds of one call, its floating-point operations, and the bytes it reads and writes.
  let seconds: Double, operations: Double, bytes: Double

  init(_ name: String, _ precision: String, seconds: Double, work: Work) {
    self.name = name
    self.precision = precision
    self.seconds = seconds
    operations = work.operations
    bytes = work.bytes
  }

  var gigaflops: Double { 1e-9 * operations / seconds }
  var gigabytes: Double { 1e-9 * bytes / seconds }
}

/// Seconds of one call of `body`: the least of nine tries of about 5 ms, which is what disturbs
/// least.
func secondsPerCall(_ body: () -> Void) -> Double {
  body()
  let calls = max(1, Int(5e-3 / max(seconds(of: 1, body), 1e-9)))
  return (0..<9).map { _ in seconds(of: calls, body) / Double(calls) }.min() ?? .nan
}

/// Seconds that `calls` calls of `body` take.
func seconds(of calls: Int, _ body: () -> Void) -> Double {
  let start = ContinuousClock.now
  for _ in 0..<calls { body() }
  return (ContinuousClock.now - start) / .seconds(1)
}
