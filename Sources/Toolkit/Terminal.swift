import Foundation

/// What is known of the terminal behind standard error.
enum Terminal {
  /// The control sequence that erases the rest of the line.
  static let eraseToEndOfLine = "\u{1B}[K"

  /// Whether standard error is a terminal that can overwrite a line.
  static var standardErrorIsTerminal: Bool {
    isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  /// Its width in columns; asked for each line, because windows are resized.
  static var columns: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}
