/// Mean, deviation and range of some numbers.
public struct Summary: Sendable, Equatable, Codable {
  /// The mean.
  public let mean: Double
  /// The population deviation.
  public let deviation: Double
  /// The smallest and the largest number.
  public let smallest: Double, largest: Double

  /// Summarizes `values`; nil if there are none.
  public init?(_ values: [Double]) {
    guard let smallest = values.min(), let largest = values.max() else { return nil }
    let count = Double(values.count), mean = values.reduce(0, +) / count
    self.mean = mean
    self.smallest = smallest
    self.largest = largest
    deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
  }
}

/// The size of a system's forces.
public struct ForceSummary: Sendable, Equatable, Codable {
  /// Root mean square of the force components, in eV/Å.
  public let rootMeanSquare: Double
  /// The largest length of a force, in eV/Å.
  public let largest: Double
  /// The frame and the atom of the largest force, by their indices.
  public let frame: Int, atom: Int
}
