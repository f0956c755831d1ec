import ArgumentParser
import Foundation

/// The options that every tool has.
public struct CommonOptions: ParsableArguments {
  /// Threads asked for; nil when the user leaves it to us.
  @Option(
    name: [.customShort("j", allowingJoined: true), .customLong("jobs")],
    help: ArgumentHelp(
      "Threads to use (default: OMP_NUM_THREADS, else the cores this process may use).",
      valueName: "n"))
  public var jobs: Int?

  /// No messages but errors.
  @Flag(name: .long, help: "Print errors only.")
  public var quiet = false

  /// More messages.
  @Flag(name: .shortAndLong, help: "Print details.")
  public var verbose = false

  /// Machine-readable results.
  @Flag(name: .long, help: "Print results as JSON to standard output.")
  public var json = false

  /// All options at their defaults.
  public init() {}

  /// Refuses a number of threads below one.
  public func validate() throws {
    if let jobs, jobs < 1 {
      throw ValidationError("'-j \(jobs)': the number of threads must be 1 or more.")
    }
    if quiet && verbose { throw ValidationError("'--quiet' and '--verbose' exclude each other.") }
  }

  /// The number of threads to use, at least 1.
  public var threads: Int { jobs ?? Launcher.threads ?? Cores.usable }
}
