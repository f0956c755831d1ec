/// Which weights of a training are meant.
public enum TrainedWeights: String, Sendable, CaseIterable {
  /// Those that the optimizer moves.
  case present
  /// Their exponential moving average.
  case averaged
}

/// What full validation remembers from one time to the next.
public struct ValidationState: Sendable, Equatable {
  /// A validation among the best.
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

  /// The metric's name: records of another one mean nothing.
  public var metric: String
  /// The best, smallest value first; of equal ones the earlier first.
  public var best: [Record]
  /// Validations since the best one.
  public var sinceBest: Int

  /// Puts a state together.
  public init(metric: String, best: [Record] = [], sinceBest: Int = 0) {
    self.metric = metric
    self.best = best
    self.sinceBest = sinceBest
  }

  /// Takes in a validation and gives its place among the best, 1 for the best of all; nil if it is
  /// not among them.
  ///
  /// `kept` is how many are remembered.  A value that is not finite is worse than any.
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
