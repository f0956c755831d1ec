import Dispatch

/// The results of `body` for 0..<`count`, in order, computed on up to `threads` threads.
///
/// If several calls throw, the error is that of the lowest index.
func concurrentMap<Value: Sendable, Failure: Error>(
  _ count: Int, threads: Int, _ body: @Sendable (Int) throws(Failure) -> Value
) throws(Failure) -> [Value] {
  var values: [Value] = []
  values.reserveCapacity(count)
  guard threads > 1, count > 1 else {
    for index in 0..<count { values.append(try body(index)) }
    return values
  }
  var results = [Result<Value, Failure>?](repeating: nil, count: count)
  results.withUnsafeMutableBufferPointer { buffer in
    // One thread alone writes each place, and no one reads it before all threads have finished.
    nonisolated(unsafe) let places = buffer
    DispatchQueue.concurrentPerform(iterations: min(threads, count)) { worker in
      for index in stride(from: worker, to: count, by: min(threads, count)) {
        do throws(Failure) {
          places[index] = .success(try body(index))
        } catch {
          places[index] = .failure(error)
        }
      }
    }
  }
  for result in results {
    guard let result else { fatalError("a result is missing") }
    values.append(try result.get())
  }
  return values
}
