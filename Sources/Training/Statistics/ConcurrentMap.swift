import Dispatch

/// The results of `body` for 0..<`count`, in order, computed on up to `threads` threads.
func concurrentMap<Value: Sendable>(
  _ count: Int, threads: Int, _ body: @Sendable (Int) -> Value
) -> [Value] {
  guard threads > 1, count > 1 else { return (0..<count).map(body) }
  var results = [Value?](repeating: nil, count: count)
  results.withUnsafeMutableBufferPointer { buffer in
    // Each index is written by one thread only, and read after all have finished.
    nonisolated(unsafe) let places = buffer
    DispatchQueue.concurrentPerform(iterations: min(threads, count)) { worker in
      for index in stride(from: worker, to: count, by: min(threads, count)) {
        places[index] = body(index)
      }
    }
  }
  return results.map { result in
    guard let result else { fatalError("a result is missing") }
    return result
  }
}
