/// An error that a user can fix: the place, what was found and expected, and what to do.
///
/// Every library throws this type for problems of files, data and configuration.  `Toolkit` prints
/// it as `<tool>: <place>: <problem>`, then `hint: <remedy>`, and exits with the kind's number.
public struct ToolError: Error, Sendable, Equatable {
  /// The kind of a failure; its raw value is the exit code (sysexits).
  public enum Kind: Int32, Sendable {
    /// A stated quality gate failed.
    case gate = 1
    /// The command line cannot be used as it is.
    case usage = 64
    /// Input data are damaged, inconsistent, or not as they claim to be.
    case data = 65
    /// An input file is missing or cannot be read.
    case missingInput = 66
    /// An error of this program.
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

  /// The kind of the failure.
  public var kind: Kind
  /// The place: file, line or JSON path, frame, atom.
  public var place: String
  /// The problem: what was found and what was expected.
  public var problem: String
  /// The advice, if there is any.
  public var remedy: String?

  /// Makes an error of `kind` at `place`.
  public init(_ kind: Kind, at place: String, _ problem: String, remedy: String? = nil) {
    self.kind = kind
    self.place = place
    self.problem = problem
    self.remedy = remedy
  }
}

/// Several errors that were found together, in the order in which they were found; never empty.
public struct ToolErrors: Error, Sendable, Equatable {
  /// The errors; the first one's kind decides the exit code.
  public var errors: [ToolError]

  /// Collects `errors`, at least one.
  public init(_ errors: [ToolError]) {
    precondition(!errors.isEmpty, "no error to report")
    self.errors = errors
  }
}
