import Foundation

/// How the user called this program: by its own name, or by a command of `dp` that became it.
public enum CalledAs {
  /// The variable in which `dp` tells the tool that it becomes of the command.
  public static let variable = "DP_CALLED_AS"

  /// The command of `dp`, such as "train"; nil if there was none.
  public static let command = ProcessInfo.processInfo.environment[variable]
}

/// The words of a hint: `own` for who called the tool itself, `dp` for who called a command of
/// `dp`, which has other options.
public func hint(_ own: String, dp: String) -> String { CalledAs.command == nil ? own : dp }
