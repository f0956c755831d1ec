/// How many neighbor slots a model has (`sel`): of each type, or of all types together.
public enum SlotRule: Sendable, Equatable {
  /// The numbers that the input gives, `[types]` or one.
  case given([Int])
  /// What the data need times this ratio, rounded up to multiples of four ("auto", "auto:1.1").
  case automatic(ratio: Double)

  /// The ratio of "auto".
  public static let usualRatio = 1.1

  /// The numbers for data with this `survey`; one of all types together for a descriptor that
  /// `isMixed`.
  public func slots(for survey: NeighborSurvey, isMixed: Bool = false) -> [Int] {
    switch self {
    case .given(let slots): slots
    case .automatic(let ratio): survey.recommendedSlots(ratio: ratio, isMixed: isMixed)
    }
  }
}
