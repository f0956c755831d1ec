import Glibc

/// The name by which the user called this program: its own, or a command of `dp` that has become
/// it.
public enum CalledAs {
  /// The variable in which `dp` passes its command to the tool that it becomes.
  public static let variable = "DP_CALLED_AS"

  /// The command of `dp`, such as "train"; nil if the user called the tool itself.
  public static let command = getenv(variable).map { String(cString: $0) }
}

/// The text of a hint: `own` if the user called the tool itself, `dp` if the user called a command
/// of `dp`, which has other options.
public func hint(_ own: String, dp: String) -> String { CalledAs.command == nil ? own : dp }
