/// Memory for activations, aligned to cache lines; it grows as needed and is freed only at the end
/// of its life.
///
/// Kernels and BLAS use pointers into such buffers, because they need several parts of one
/// allocation at once, and threads write to disjoint parts of one buffer.  The caller must keep
/// these parts disjoint.
public final class Buffer<Scalar: BitwiseCopyable>: @unchecked Sendable {
  /// The first number.
  public private(set) var base: UnsafeMutablePointer<Scalar>
  /// The count of numbers that fit.
  public private(set) var capacity: Int

  /// Makes room for `count` numbers, which are zero at first.
  public init(_ count: Int = 0) {
    capacity = count
    base = Buffer.allocate(count)
  }

  /// Makes a copy of `numbers`.
  public convenience init(of numbers: [Scalar]) {
    self.init(numbers.count)
    base.update(from: numbers, count: numbers.count)
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }

  /// Makes room for `count` numbers; the content is lost if the buffer has to grow.
  public func reserve(_ count: Int) {
    guard count > capacity else { return }
    UnsafeMutableRawPointer(base).deallocate()
    capacity = count
    base = Buffer.allocate(count)
  }

  /// Sets the first `count` numbers to zero.
  public func clear(_ count: Int) {
    precondition(count <= capacity)
    UnsafeMutableRawPointer(base).initializeMemory(
      as: UInt8.self, repeating: 0, count: count * MemoryLayout<Scalar>.stride)
  }

  private static func allocate(_ count: Int) -> UnsafeMutablePointer<Scalar> {
    let bytes = max(count, 1) * MemoryLayout<Scalar>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    raw.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    return raw.assumingMemoryBound(to: Scalar.self)
  }
}

extension Buffer {
  /// The start of row `index` of rows `width` wide.
  @inlinable public func row(_ index: Int, _ width: Int) -> UnsafeMutablePointer<Scalar> {
    base + index * width
  }
}
