/// How many neighbor slots of each type a model has (`sel`).
public enum SlotRule: Sendable, Equatable {
  /// The numbers that the input gives, `[types]`.
  case given([Int])
  /// What the data need times this ratio, rounded up to multiples of four ("auto", "auto:1.1").
  case automatic(ratio: Double)

  /// The ratio of "auto".
  public static let usualRatio = 1.1

  /// The numbers for data with this `survey`.
  public func slots(for survey: NeighborSurvey) -> [Int] {
    switch self {
    case .given(let slots): slots
    case .automatic(let ratio): survey.recommendedSlots(ratio: ratio)
    }
  }
}
