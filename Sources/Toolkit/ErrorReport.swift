import ArgumentParser
import Diagnostics

/// The text of an error for the user, and its exit code.
package struct ErrorReport {
  /// The lines for standard error, each ended by a newline.
  package let text: String
  /// The exit code: the kind's sysexits number.
  package let exitCode: Int32

  /// Makes the report of `error`; nil if ArgumentParser reports it (usage, help, an exit code).
  package init?(_ error: any Error, tool: String) {
    switch error {
    case is ExitCode, is ValidationError, is CleanExit:
      return nil
    case let error as ToolError:
      text = Self.lines(error, tool: tool)
      exitCode = error.kind.rawValue
    case let several as ToolErrors:
      text = several.errors.map { Self.lines($0, tool: tool) }.joined()
      exitCode = several.errors[0].kind.rawValue
    default:
      let line = "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
      text = "\(tool): internal error: \(line)\nhint: this is a bug of ours; please report it\n"
      exitCode = ToolError.Kind.software.rawValue
    }
  }

  private static let standardInput =
    "- does not stand for standard input: give a file's name; /dev/stdin is one, for text"

  private static func lines(_ error: ToolError, tool: String) -> String {
    let place = error.place.isEmpty ? "" : "\(error.place): "
    let remedy = error.isOfStandardInput ? standardInput : error.remedy
    let problem = printable("\(tool): \(place)\(error.problem)")
    return problem + "\n" + (remedy.map { "hint: \($0)\n" } ?? "")
  }

  /// `text` without control characters, which a damaged file may contain and which could upset a
  /// terminal; line ends and tabs stay.
  private static func printable(_ text: String) -> String {
    let scalars = text.unicodeScalars.map { scalar in
      let isControl = scalar.value < 32 && scalar != "\n" && scalar != "\t"
      return isControl || (127..<160).contains(scalar.value) ? "\u{FFFD}" : scalar
    }
    return String(String.UnicodeScalarView(scalars))
  }
}

extension ToolError {
  /// Whether an input was given as `-`, which other programs take for standard input.
  fileprivate var isOfStandardInput: Bool { kind == .missingInput && place == "-" }
}
