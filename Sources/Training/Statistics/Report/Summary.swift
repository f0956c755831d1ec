/// Mean, deviation and range of some numbers.
public struct Summary: Sendable, Equatable, Codable {
  /// The mean.
  public let mean: Double
  /// The population deviation.
  public let deviation: Double
  /// The smallest and the largest number.
  public let smallest: Double, largest: Double

  /// The summary of `values`; nil of none.
  public init?(_ values: [Double]) {
    guard let smallest = values.min(), let largest = values.max() else { return nil }
    let count = Double(values.count), mean = values.reduce(0, +) / count
    self.mean = mean
    self.smallest = smallest
    self.largest = largest
    deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
  }
}

/// How large the forces of a system are.
public struct ForceSummary: Sendable, Equatable, Codable {
  /// Root mean square of the force components, in eV/Å.
  public let rootMeanSquare: Double
  /// Largest length of a force, in eV/Å.
  public let largest: Double
  /// Where it is: indices of frame and atom.
  public let frame: Int, atom: Int
}
