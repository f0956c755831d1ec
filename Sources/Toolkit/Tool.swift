import ArgumentParser
import Communication
import Diagnostics
import Foundation

/// A command-line tool of this package: options, then `execute()`.
///
/// `run()` turns what `execute()` throws into one message and the exit code of
/// docs/ARCHITECTURE.md's table: a `ToolError` into its kind's number, an unforeseen error into 70.
/// Usage errors exit 64 by ArgumentParser.
public protocol Tool: ParsableCommand {
  /// The options that every tool has; declare `@OptionGroup var common: CommonOptions`.
  var common: CommonOptions { get }
  /// The tool's name, `dp-stat`, for messages.
  static var name: String { get }
  /// Whether another program takes over, which then deals with a launcher's ranks; not so unless
  /// stated.
  static var handsOver: Bool { get }
  /// The words of a command line as this program's options have them; the same ones unless stated.
  static func words(_ arguments: [String]) -> [String]
  /// Joins the ranks that a launcher started together; nil, unless stated, for a tool that runs as
  /// one process.
  static func join() -> (any Transport)?
  /// Does the work.
  mutating func execute() throws
}

extension Tool {
  /// Options are called what they are called.
  public static func words(_ arguments: [String]) -> [String] { arguments }

  /// A tool does its work itself unless it says otherwise.
  public static var handsOver: Bool { false }

  /// No tool is parallel unless it says so.
  public static func join() -> (any Transport)? { nil }

  /// The ranks that run this tool together.
  public var communicator: Communicator { Launcher.communicator }

  /// The tool's name, `dp-stat`, for messages.
  public static var name: String { configuration.commandName ?? "\(Self.self)" }

  /// Where messages, progress and results go.
  public var console: Console { Console.shared }

  /// Begins the program, which may be a child that is to try a file and nothing else.
  public static func main() {
    FileTrial.begin(CommandLine.arguments)
    main(words(Array(CommandLine.arguments.dropFirst())))
  }

  /// Sets up the process, executes, reports.
  public mutating func run() throws {
    signal(SIGPIPE, SIG_IGN)  // a closed pipe is an error of the write, not the end of a training
    signal(SIGXFSZ, SIG_IGN)  // so is a file that may not grow
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
