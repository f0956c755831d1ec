/// An array of a model, slowest index first.
public struct Tensor: Sendable, Equatable {
  /// The extent of each index; empty for a single number.
  public var shape: [Int]
  /// The numbers.
  public var values: [Double]
  /// Whether the numbers are stored with 32 bits; with 64 bits otherwise.
  public var isSingle: Bool

  /// Makes an array; `values` has as many numbers as `shape` says.
  public init(shape: [Int], values: [Double], isSingle: Bool = false) {
    precondition(values.count == shape.reduce(1, *), "\(values.count) values for \(shape)")
    self.shape = shape
    self.values = values
    self.isSingle = isSingle
  }

  /// An array of equal numbers.
  init(repeating value: Double, shape: [Int], isSingle: Bool = false) {
    self.init(
      shape: shape, values: Array(repeating: value, count: shape.reduce(1, *)), isSingle: isSingle)
  }

  /// DeePMD-kit's word for the precision.
  var precision: String { isSingle ? "float32" : "float64" }

  /// Whether a number differs from 0.
  var hasNonzero: Bool { values.contains { $0 != 0 } }

  /// The same numbers as one row.
  var row: Tensor { Tensor(shape: [values.count], values: values, isSingle: isSingle) }

  /// The same numbers in another `shape`; throws if they are not as many.
  func reshaped(_ shape: [Int], _ what: String) throws -> Tensor {
    guard elementCount(shape) == values.count else {
      throw Unreadable("has \(what) of shape \(self.shape), expected \(shape)")
    }
    return Tensor(shape: shape, values: values, isSingle: isSingle)
  }

  /// The same numbers, stored as `isSingle` says.
  func stored(asSingle isSingle: Bool) -> Tensor {
    isSingle == self.isSingle
      ? self
      : Tensor(
        shape: shape, values: isSingle ? values.map { Double(Float($0)) } : values,
        isSingle: isSingle)
  }
}

/// The number of elements of an array of `shape`; nil if it is impossible, or larger than any array
/// of a model.
func elementCount(_ shape: [Int]) -> Int? {
  var count = 1
  for extent in shape {
    let (product, overflow) = count.multipliedReportingOverflow(by: extent)
    guard extent >= 0, !overflow, product < 1 << 31 else { return nil }
    count = product
  }
  return count
}
