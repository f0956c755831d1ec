/// The amount of work of a piece: counted by formulas from its shapes, not measured.
///
/// A multiply-add is two floating-point operations.  Bytes are those that must move between the
/// work and memory: each number read once and written once, as if caches kept everything in
/// between.
public struct Work: Sendable, Equatable {
  /// Floating-point operations.
  public var operations: Double
  /// Bytes read and written.
  public var bytes: Double

  /// No counts.
  public static let uncounted = Work(operations: 0, bytes: 0)

  /// Makes a count.
  public init(operations: Double, bytes: Double) {
    self.operations = operations
    self.bytes = bytes
  }

  /// A product of matrices `[rows][inner]` and `[inner][columns]` of numbers of `size` bytes.
  public static func product(rows: Int, columns: Int, inner: Int, size: Int) -> Work {
    Work(
      operations: 2 * Double(rows * columns) * Double(inner),
      bytes: Double((rows * inner + inner * columns + rows * columns) * size))
  }

  /// The sum of two amounts.
  public static func + (a: Work, b: Work) -> Work {
    Work(operations: a.operations + b.operations, bytes: a.bytes + b.bytes)
  }

  /// `count` times the same amount.
  public static func * (count: Int, work: Work) -> Work {
    Work(operations: Double(count) * work.operations, bytes: Double(count) * work.bytes)
  }
}
