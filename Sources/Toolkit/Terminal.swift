import Foundation

/// The properties of the terminal at standard error and standard output.
enum Terminal {
  /// The control sequence that erases the rest of the line, and the lines below.
  static let eraseBelow = "\u{1B}[J"

  /// Whether standard error is a terminal that can overwrite a line.
  static var standardErrorIsTerminal: Bool {
    isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  /// Whether standard output is a terminal that can show colors.
  static var standardOutputIsTerminal: Bool {
    isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] ?? "dumb" != "dumb"
  }

  /// Whether the user allows colors and font weights.  Source: no-color.org.
  static let hasColors = (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty

  /// The width in columns; it is read for each line because windows may be resized.
  static var columns: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// The control sequence from the end of a line of `length` characters to its start.
  ///
  /// A window that was made narrower breaks the line into several; only xterm cuts it off instead.
  static func backToStart(ofLine length: Int, columns: Int) -> String {
    let above = (max(length, 1) - 1) / max(columns, 1)
    return above > 0 && breaksLines ? "\u{1B}[\(above)A\r" : "\r"
  }

  private static let breaksLines = ProcessInfo.processInfo.environment["XTERM_VERSION"] == nil
}
