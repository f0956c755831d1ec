import Diagnostics
import Foundation
import Synchronization

/// The output of a tool: messages and progress on standard error, results on standard output.
public final class Console: Sendable {
  /// The console of this process.
  public static let shared = Console()

  /// Whether results go to a terminal and the user allows colors.
  public static var outputIsColored: Bool {
    Terminal.standardOutputIsTerminal && Terminal.hasColors
  }

  private struct State {
    var tool = "dp"
    var quiet = false
    var verbose = false
    var isMuted = false
    var progress: Progress?
    /// The number of characters of the progress line on the screen.
    var openLine = 0
  }
  private let state = Mutex(State())

  func configure(tool: String, quiet: Bool, verbose: Bool) {
    state.withLock { ($0.tool, $0.quiet, $0.verbose) = (tool, quiet, verbose) }
  }

  /// Whether another rank writes messages in place of this one.
  var isMuted: Bool { state.withLock { $0.isMuted } }

  /// Stops all messages but errors, and all results, because another rank writes them.
  func mute() { state.withLock { ($0.quiet, $0.verbose, $0.isMuted) = (true, false, true) } }

  /// Writes a normal message, except with `--quiet`.
  public func say(_ text: String) {
    if !state.withLock({ $0.quiet }) { write(text + "\n") }
  }

  /// Writes a message if `--verbose` is given.
  public func detail(_ text: String) {
    if state.withLock({ $0.verbose }) { write(text + "\n") }
  }

  /// Writes a warning, `dp-stat: warning: <text>`, except with `--quiet`.
  public func warn(_ text: String) {
    let (tool, quiet) = state.withLock { ($0.tool, $0.quiet) }
    if !quiet { write("\(tool): warning: \(text)\n") }
  }

  /// Shows the progress of the work: on a terminal in one line, otherwise in a new line every few
  /// seconds.
  ///
  /// `done` of `total` units are done, `unit` is in the singular; `terms` are named values such as
  /// loss terms, which are formatted only when they are shown.  Speed and remaining time are
  /// counted from the first call.
  public func progress(
    _ unit: String, _ done: Int, of total: Int, terms: @autoclosure () -> [ProgressTerm] = []
  ) {
    let text: String? = state.withLock { state in
      if state.quiet { return nil }
      let now = ContinuousClock.now
      var progress = state.progress ?? Progress(startedAt: now, with: done)
      defer { state.progress = progress }
      let onTerminal = Terminal.standardErrorIsTerminal
      guard progress.isDue(at: now, onTerminal: onTerminal, isLast: done >= total) else {
        return nil
      }
      let columns = onTerminal ? Terminal.columns : .max
      let line = progress.line(
        unit, done, of: total, terms: terms(), at: now, columns: columns)
      if !onTerminal { return line.plain + "\n" }
      defer { state.openLine = line.plain.count }
      // To avoid flicker, the new line is written over the old one before the rest of the old one
      // is erased.
      return Terminal.backToStart(ofLine: state.openLine, columns: columns)
        + (Terminal.hasColors ? line.styled : line.plain) + Terminal.eraseBelow
    }
    if let text { emit(text) }
  }

  /// Ends the progress line; its last state stays on the screen.
  public func endProgress() {
    let wasOpen = state.withLock { state in
      defer { (state.progress, state.openLine) = (nil, 0) }
      return state.openLine > 0
    }
    if wasOpen { emit("\n") }
  }

  /// Writes whole lines to standard error, after erasing the progress line.
  func write(_ text: String) {
    let open = state.withLock { state in
      defer { state.openLine = 0 }
      return state.openLine
    }
    let clear =
      open > 0
      ? Terminal.backToStart(ofLine: open, columns: Terminal.columns) + Terminal.eraseBelow : ""
    emit(clear + text)
  }

  /// Writes `text` to standard output.  Throws kind `.io` if that fails.
  public func output(_ text: String) throws {
    if state.withLock({ $0.isMuted }) { return }
    endProgress()  // otherwise both would share a line on the terminal
    try POSIX.write(text, to: STDOUT_FILENO, place: "standard output")
  }

  /// Writes `value` to standard output as JSON, with sorted keys and numbers that read back
  /// exactly.
  public func output(json value: some Encodable) throws { try output(try JSONText.pretty(value)) }

  private func emit(_ text: String) {
    // If standard error is closed, no one can be told, and the work continues.
    try? POSIX.write(text, to: STDERR_FILENO, place: "standard error")
  }
}
