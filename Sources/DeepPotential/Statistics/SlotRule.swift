/// The rule that gives a model's number of neighbor slots (`sel`), of each type or of all types
/// together.
public enum SlotRule: Sendable, Equatable {
  /// The numbers in the input, `[types]`, or one number for all types.
  case given([Int])
  /// The largest numbers of neighbors in the data, times this ratio and rounded up to multiples of
  /// four ("auto", "auto:1.1").
  case automatic(ratio: Double)

  /// The ratio of "auto".
  public static let usualRatio = 1.1

  /// The numbers of slots for data with this `survey`, `[types]`, or one number for all types if
  /// the descriptor `isMixed`.
  public func slots(for survey: NeighborSurvey, isMixed: Bool = false) -> [Int] {
    switch self {
    case .given(let slots): slots
    case .automatic(let ratio): survey.recommendedSlots(ratio: ratio, isMixed: isMixed)
    }
  }
}
