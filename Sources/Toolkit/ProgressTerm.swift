/// A named value of a progress line, such as a term of the loss.
public struct ProgressTerm: Sendable {
  let name: String, value: String, importance: Int

  /// Makes a term from formatted text; on a narrow terminal the least important terms are left out
  /// first.
  public init(_ name: String, _ value: String, importance: Int = 0) {
    self.name = name
    self.value = value
    self.importance = importance
  }
}
