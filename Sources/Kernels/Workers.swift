import Dispatch
import Measurement
import Synchronization

/// Calls `body(item, worker)` for every item below `count` on up to `workers` threads; each thread
/// takes the next item.
///
/// A worker is one thread at a time, so it may own scratch memory.  Which worker takes which item
/// is not determined, so the result of an item must depend on nothing else.
public func forEachItem(
  below count: Int, workers: Int, _ body: @Sendable (_ item: Int, _ worker: Int) -> Void
) {
  if workers == 1 || count <= 1 {
    for item in 0..<count { body(item, 0) }
    return
  }
  let next = Atomic(0), phase = phaseUnderWay
  measure(.parallel) {
    DispatchQueue.concurrentPerform(iterations: min(workers, count)) { worker in
      measure(continuing: phase) {
        while true {
          let item = next.wrappingAdd(1, ordering: .relaxed).oldValue
          guard item < count else { return }
          body(item, worker)
        }
      }
    }
  }
}

/// What `make` gives for each number below `count`, in order, on up to `workers` threads.
public func mapItems<Result: Sendable>(
  below count: Int, workers: Int, _ make: @Sendable (_ item: Int) -> Result
) -> [Result] {
  var results = [Result?](repeating: nil, count: count)
  results.withUnsafeMutableBufferPointer { buffer in
    nonisolated(unsafe) let places = buffer  // each item has a place of its own
    forEachItem(below: count, workers: workers) { item, _ in places[item] = make(item) }
  }
  return results.compactMap { $0 }
}

/// Calls `body` for pieces of `range` on up to `workers` threads, with the number of each piece.
///
/// The length of pieces does not depend on the number of threads, so sums may be taken by pieces.
/// The pieces are measured as `phase`, with `work` for each number.
public func forEachPiece(
  of range: Range<Int>, workers: Int, _ phase: Phase, _ work: Work,
  _ body: @Sendable (Range<Int>, _ piece: Int) -> Void
) {
  forEachItem(below: pieceCount(of: range), workers: workers) { piece, _ in
    let start = range.lowerBound + piece * pieceLength
    let numbers = start..<min(start + pieceLength, range.upperBound)
    measure(phase, numbers.count * work) { body(numbers, piece) }
  }
}

/// The number of pieces of `range`.
public func pieceCount(of range: Range<Int>) -> Int {
  (range.count + pieceLength - 1) / pieceLength
}

/// The count of numbers in a piece: enough to be worth handing over, few enough to be shared
/// evenly.
private let pieceLength = 1 << 15
