import Diagnostics

/// An array of numbers from a file: its shape, and its values with the last index fastest.
package struct NumericArray: Sendable, Equatable {
  /// The length along each axis; empty for a single number.
  package var shape: [Int]
  /// The values, converted to double precision.
  package var values: [Double]

  /// Joins the two; the product of `shape` must be the number of values.
  package init(shape: [Int], values: [Double]) {
    precondition(shape.reduce(1, *) == values.count)
    self.shape = shape
    self.values = values
  }

  /// Makes an array from values that have the first index fastest (NumPy's `fortran_order`).
  package init(columnMajor values: [Double], shape: [Int]) {
    guard shape.count > 1 else {
      self.init(shape: shape, values: values)
      return
    }
    var result = [Double](repeating: 0, count: values.count)
    var index = [Int](repeating: 0, count: shape.count)
    for value in values {
      result[zip(index, shape).reduce(0) { $0 * $1.1 + $1.0 }] = value
      for axis in shape.indices {
        index[axis] += 1
        if index[axis] < shape[axis] { break }
        index[axis] = 0
      }
    }
    self.init(shape: shape, values: result)
  }

  /// The values as whole numbers; throws `ToolError` of kind `.data` if one is not whole.
  package func integers(at place: String) throws -> [Int] {
    try values.map { value in
      guard let integer = Int(exactly: value) else {
        throw ToolError(.data, at: place, "holds \(value), expected whole numbers")
      }
      return integer
    }
  }
}
