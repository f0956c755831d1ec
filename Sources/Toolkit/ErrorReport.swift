import ArgumentParser
import Diagnostics

/// What a user sees of an error, and the exit code that goes with it.
package struct ErrorReport {
  /// Lines for standard error, each ended by a newline.
  package let text: String
  /// The kind's sysexits number.
  package let exitCode: Int32

  /// The report of `error`; nil when ArgumentParser reports it (usage, help, an exit code).
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

  /// `text` without the control characters that a damaged file may have brought, which could turn a
  /// terminal upside down; lines and tabs stay.
  private static func printable(_ text: String) -> String {
    let scalars = text.unicodeScalars.map { scalar in
      let isControl = scalar.value < 32 && scalar != "\n" && scalar != "\t"
      return isControl || (127..<160).contains(scalar.value) ? "\u{FFFD}" : scalar
    }
    return String(String.UnicodeScalarView(scalars))
  }
}

extension ToolError {
  /// Whether `-` was given for an input, which other programs take for standard input.
  fileprivate var isOfStandardInput: Bool { kind == .missingInput && place == "-" }
}
