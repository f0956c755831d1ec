import Synchronization

/// The numbers of threads that have called.
final class SeenThreads: Sendable {
  private let state = Mutex<Set<Int>>([])

  var numbers: Set<Int> { state.withLock { $0 } }

  func add(_ number: Int) { state.withLock { _ = $0.insert(number) } }
}
