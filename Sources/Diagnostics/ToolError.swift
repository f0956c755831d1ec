/// An error that a user can fix: where it is, what was found and expected, and what to do about it.
///
/// Every library throws this one type for problems of files, data and configuration; `Toolkit`
/// prints it as `<tool>: <place>: <problem>`, then `hint: <remedy>`, and exits with the kind's
/// number.
public struct ToolError: Error, Sendable, Equatable {
  /// The kind of a failure; its raw value is the exit code (sysexits).
  public enum Kind: Int32, Sendable {
    /// A stated quality gate failed.
    case gate = 1
    /// The command line cannot be used as it is.
    case usage = 64
    /// Input data are damaged, inconsistent or not what was promised.
    case data = 65
    /// An input file is missing or cannot be read.
    case missingInput = 66
    /// A bug of ours.
    case software = 70
    /// An output cannot be created.
    case cannotCreate = 73
    /// Reading or writing failed half way: disk full, quota, I/O error.
    case io = 74
    /// Stopped on request; run again to continue.
    case stopped = 75
    /// The configuration (input.json) is wrong.
    case configuration = 78
  }

  /// What kind of failure this is.
  public var kind: Kind
  /// Where: file, line or JSON path, frame, atom.
  public var place: String
  /// What was found and what was expected.
  public var problem: String
  /// What to do, if there is something to say.
  public var remedy: String?

  /// Makes an error of `kind` at `place`.
  public init(_ kind: Kind, at place: String, _ problem: String, remedy: String? = nil) {
    self.kind = kind
    self.place = place
    self.problem = problem
    self.remedy = remedy
  }
}

/// Several errors found in one go, in the order in which they were found; never empty.
public struct ToolErrors: Error, Sendable, Equatable {
  /// The errors; the first one's kind decides the exit code.
  public var errors: [ToolError]

  /// Collects `errors`, at least one.
  public init(_ errors: [ToolError]) {
    precondition(!errors.isEmpty, "no error to report")
    self.errors = errors
  }
}
