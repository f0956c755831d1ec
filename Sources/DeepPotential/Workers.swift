import Dispatch
import Measurement
import Synchronization

/// Runs `body(item, worker)` for every item below `count` on up to `workers` threads; each takes the next item.
///
/// A worker is one thread at a time, so that it may own scratch memory.  Which worker takes which item is left to
/// chance: an item's result must depend on nothing else.
func forEachItem(
  below count: Int, workers: Int, _ body: @Sendable (_ item: Int, _ worker: Int) -> Void
) {
  if workers == 1 || count <= 1 {
    for item in 0..<count { body(item, 0) }
    return
  }
  let next = Atomic(0)
  measure(.parallel) {
    DispatchQueue.concurrentPerform(iterations: min(workers, count)) { worker in
      while true {
        let item = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard item < count else { return }
        body(item, worker)
      }
    }
  }
}
