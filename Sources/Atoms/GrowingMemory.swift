/// Memory for numbers that grows and is neither kept when it does nor cleared.
///
/// An array would check each index, and before each write that nobody else has it.
final class GrowingMemory<Number: BitwiseCopyable> {
  /// The first number.
  private(set) var base = UnsafeMutablePointer<Number>.allocate(capacity: 0)
  private var capacity = 0

  deinit { base.deallocate() }

  /// Makes room for `count` numbers; what was stored is lost when the memory has to grow.
  func reserve(_ count: Int) {
    guard count > capacity else { return }
    capacity = max(count, 2 * capacity)
    base.deallocate()
    base = UnsafeMutablePointer<Number>.allocate(capacity: capacity)
  }
}
