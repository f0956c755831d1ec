/// The notes of a reader about the systems of one path.
public struct ReadingNotes: Sendable, Equatable {
  /// The conversions to eV and Å in words; nil if there were none.
  public var conversion: String?
  /// The names in the file that look like labels but are not the usual ones, by the label that they
  /// may mean: `REF_energy` for `energy`.
  public var otherNames: [String: [String]] = [:]
  /// The names that the options give to labels and that the file has.
  public var namesFound: Set<String> = []

  /// Starts without notes.
  public init() {}
}
