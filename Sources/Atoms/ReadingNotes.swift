/// What a reader found out about the systems of one path.
public struct ReadingNotes: Sendable, Equatable {
  /// What was converted to eV and Å, in words; nil for nothing.
  public var conversion: String?
  /// What look like labels under other names, by the label that they may be: `energy` is
  /// `REF_energy`.
  public var otherNames: [String: [String]] = [:]
  /// Those of the names that the options gave which the file has.
  public var namesFound: Set<String> = []

  /// Nothing of note.
  public init() {}
}
