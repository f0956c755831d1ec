/// A kind of weights of a training.
public enum TrainedWeights: String, Sendable, CaseIterable {
  /// The weights that the optimizer moves.
  case present
  /// The exponential moving average of the weights.
  case averaged
}

/// The records that full validation keeps from one validation to the next.
public struct ValidationState: Sendable, Equatable {
  /// One of the best validations.
  public struct Record: Sendable, Equatable {
    /// The metric, in the units of an evaluation.
    public var value: Double
    /// The number of steps before it.
    public var step: Int

    /// Makes a record.
    public init(value: Double, step: Int) {
      self.value = value
      self.step = step
    }
  }

  /// The name of the metric; records of another metric are of no use.
  public var metric: String
  /// The best validations, smallest value first; of equal values the earlier first.
  public var best: [Record]
  /// The number of validations since the best one.
  public var sinceBest: Int

  /// Joins the three values.
  public init(metric: String, best: [Record] = [], sinceBest: Int = 0) {
    self.metric = metric
    self.best = best
    self.sinceBest = sinceBest
  }

  /// Adds a validation and gives its rank among the best, from 1; nil if it is not among them.
  ///
  /// At most `kept` validations are remembered.  A value that is not finite is worse than any
  /// other.
  package mutating func add(_ value: Double, step: Int, keeping kept: Int) -> Int? {
    let isBest = value.isFinite && best.first.map { value < $0.value } ?? true
    sinceBest = isBest ? 0 : sinceBest + 1
    guard value.isFinite else { return nil }
    let place = best.firstIndex { value < $0.value } ?? best.count
    guard place < kept else { return nil }
    best.insert(Record(value: value, step: step), at: place)
    best = Array(best.prefix(kept))
    return place + 1
  }
}
