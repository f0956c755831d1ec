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

extension Summary {
  /// Summarizes numbers of which parts are summarized, each with its count; nil if there are none.
  init?(joining parts: [CountedSummary]) {
    guard let smallest = parts.map(\.summary.smallest).min(),
      let largest = parts.map(\.summary.largest).max()
    else { return nil }
    let count = parts.reduce(0) { $0 + Double($1.count) }
    let mean = parts.reduce(0) { $0 + Double($1.count) * $1.summary.mean } / count
    let squares = parts.reduce(0) { sum, part in
      let (spread, shift) = (part.summary.deviation, part.summary.mean - mean)
      return sum + Double(part.count) * (spread * spread + shift * shift)
    }
    (self.mean, self.smallest, self.largest) = (mean, smallest, largest)
    deviation = (squares / count).squareRoot()
  }
}

/// A summary, and how many numbers it is about.
struct CountedSummary: Sendable, Codable {
  let count: Int, summary: Summary

  /// Summarizes `values`; nil if there are none.
  init?(_ values: [Double]) {
    guard let summary = Summary(values) else { return nil }
    (count, self.summary) = (values.count, summary)
  }
}

/// The labels of one name in a system.
public struct LabelSummary: Sendable, Equatable, Codable {
  /// DeePMD-kit's name of the labels.
  public let name: String
  /// The summary of all of their components, in the unit of the data.
  public let values: Summary

  /// Joins the summaries of frames; nil if no frame has the label.
  init?(_ name: String, _ frames: [CountedSummary?]) {
    guard let values = Summary(joining: frames.compactMap(\.self)) else { return nil }
    (self.name, self.values) = (name, values)
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
