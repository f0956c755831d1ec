import Foundation

/// What is known of the terminal behind standard error.
enum Terminal {
  /// The control sequence that erases the rest of the line, and the lines below.
  static let eraseBelow = "\u{1B}[J"

  /// Whether standard error is a terminal that can overwrite a line.
  static var standardErrorIsTerminal: Bool {
    isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  /// Whether standard output is a terminal that shows colors.
  static var standardOutputIsTerminal: Bool {
    isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] ?? "dumb" != "dumb"
  }

  /// Whether the user wants colors, weights of letters included.  Source: no-color.org.
  static let hasColors = (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty

  /// Its width in columns; asked for each line, because windows are resized.
  static var columns: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// What leads from the end of a line of `length` characters to its start.
  ///
  /// A window that has become narrower has broken the line in several; xterm alone cuts it off
  /// instead.
  static func backToStart(ofLine length: Int, columns: Int) -> String {
    let above = (max(length, 1) - 1) / max(columns, 1)
    return above > 0 && breaksLines ? "\u{1B}[\(above)A\r" : "\r"
  }

  private static let breaksLines = ProcessInfo.processInfo.environment["XTERM_VERSION"] == nil
}
