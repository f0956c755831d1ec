import Foundation

/// The highest of `tries` rates at which `threads` threads do `work`, in units per second of all
/// together.
///
/// `work` gets the number of its thread and returns the number of units it did; it is called for 30
/// ms per try.
package func best(of tries: Int, threads: Int, _ work: @escaping @Sendable (Int) -> Double)
  -> Double
{
  (0..<tries).map { _ in rate(threads: threads, work) }.max() ?? 0
}

private func rate(threads: Int, _ work: @escaping @Sendable (Int) -> Double) -> Double {
  let results = Results(), ready = DispatchSemaphore(value: 0), go = DispatchSemaphore(value: 0)
  let ended = DispatchSemaphore(value: 0)
  for number in 0..<threads {
    // These are threads of their own, since a pool might run them one after the other.
    let thread = Thread {
      ready.signal()
      go.wait()
      let start = ContinuousClock.now, end = start + .milliseconds(30)
      var done = 0.0
      repeat { done += work(number) } while ContinuousClock.now < end
      results.add(done, start, ContinuousClock.now)
      ended.signal()
    }
    thread.stackSize = 1 << 20
    thread.start()
  }
  for _ in 0..<threads { ready.wait() }
  for _ in 0..<threads { go.signal() }
  for _ in 0..<threads { ended.wait() }
  return results.rate
}

/// The amount of work of all threads, the first beginning and the last end.
private final class Results: @unchecked Sendable {
  // Unchecked, because the lock guards all members.
  private let lock = NSLock()
  private var done = 0.0, first: ContinuousClock.Instant?, last: ContinuousClock.Instant?

  func add(_ units: Double, _ start: ContinuousClock.Instant, _ end: ContinuousClock.Instant) {
    lock.withLock {
      done += units
      first = min(first ?? start, start)
      last = max(last ?? end, end)
    }
  }

  var rate: Double {
    lock.withLock {
      guard let first, let last else { return 0 }
      return done / max((last - first) / .seconds(1), 1e-9)
    }
  }
}
