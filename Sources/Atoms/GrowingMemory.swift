/// Uninitialized memory for numbers; when it grows, its content is lost.
///
/// It is used in place of an array because an array would check each index, and before each write
/// whether it is shared.
final class GrowingMemory<Number: BitwiseCopyable> {
  /// The first number.
  private(set) var base = UnsafeMutablePointer<Number>.allocate(capacity: 0)
  private var capacity = 0

  deinit { base.deallocate() }

  /// Makes room for `count` numbers; the content is lost if the memory has to grow.
  func reserve(_ count: Int) {
    guard count > capacity else { return }
    capacity = max(count, 2 * capacity)
    base.deallocate()
    base = UnsafeMutablePointer<Number>.allocate(capacity: capacity)
  }
}
