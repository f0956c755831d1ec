import ArgumentParser
import Communication
import Diagnostics
import Foundation

/// A command-line tool of this package: its options, and `execute()`.
///
/// `run()` turns an error of `execute()` into one message and an exit code from the table in
/// docs/ARCHITECTURE.md: the kind's number for a `ToolError`, 70 for an unforeseen error.  For
/// usage errors ArgumentParser exits with 64.
public protocol Tool: ParsableCommand {
  /// The options that every tool has; declare `@OptionGroup var common: CommonOptions`.
  var common: CommonOptions { get }
  /// The tool's name, `dp-stat`, for messages.
  static var name: String { get }
  /// Whether another program takes over and deals with a launcher's ranks; false by default.
  static var handsOver: Bool { get }
  /// Changes the words of a command line to the form that this program's options have; by default
  /// no word is changed.
  static func words(_ arguments: [String]) -> [String]
  /// Joins the ranks that a launcher started together; nil, the default, is for tools that run as
  /// one process.  Throws `.usage` if there is nothing to join them by.
  static func join() throws -> (any Transport)?
  /// Does the work.
  mutating func execute() throws
}

extension Tool {
  /// Changes nothing.
  public static func words(_ arguments: [String]) -> [String] { arguments }

  /// A tool does its work itself by default.
  public static var handsOver: Bool { false }

  /// A tool runs as one process by default.
  public static func join() throws -> (any Transport)? { nil }

  /// The ranks that run this tool together.
  public var communicator: Communicator { Launcher.communicator }

  /// The tool's name, `dp-stat`, for messages.
  public static var name: String { configuration.commandName ?? "\(Self.self)" }

  /// The console for messages, progress and results.
  public var console: Console { Console.shared }

  /// Starts the program, or a child of it that tries a file.
  public static func main() {
    Memory.returnFreedArrays()
    FileTrial.begin(CommandLine.arguments)
    main(words(Array(CommandLine.arguments.dropFirst())))
  }

  /// Sets up the process, executes, and reports errors.
  public mutating func run() throws {
    signal(SIGPIPE, SIG_IGN)  // a closed pipe is an error of the write, not the end of a training
    signal(SIGXFSZ, SIG_IGN)  // and so is the size limit of a file
    Console.shared.configure(tool: Self.name, quiet: common.quiet, verbose: common.verbose)
    Notices.use { Console.shared.warn($0) }
    do {
      if !Self.handsOver {
        try Launcher.start(Self.name, in: ProcessInfo.processInfo.environment, Self.join)
      }
      try execute()
      Console.shared.endProgress()
      Launcher.communicator.finish()
    } catch {
      Console.shared.endProgress()
      guard let report = ErrorReport(error, tool: Self.name) else { throw error }
      throw ExitCode(Launcher.end(report))
    }
  }
}

extension CommandConfiguration {
  /// The configuration of the tool `name`, with this build's `--version`.
  public static func tool(
    _ name: String, abstract: String, usage: String? = nil, discussion: String = ""
  ) -> CommandConfiguration {
    CommandConfiguration(
      commandName: name, abstract: abstract, usage: usage, discussion: discussion,
      version: Version.text(tool: name))
  }
}
