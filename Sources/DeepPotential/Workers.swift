import Dispatch

/// Runs `body(item, worker)` for every item below `count`; item k goes to worker `k % workers`.
///
/// A worker is one thread at a time, so that it may own scratch memory; items must not depend on each other.
func forEachItem(
  below count: Int, workers: Int, _ body: @Sendable (_ item: Int, _ worker: Int) -> Void
) {
  if workers == 1 || count <= 1 {
    for item in 0..<count { body(item, 0) }
    return
  }
  DispatchQueue.concurrentPerform(iterations: min(workers, count)) { worker in
    for item in stride(from: worker, to: count, by: workers) { body(item, worker) }
  }
}
