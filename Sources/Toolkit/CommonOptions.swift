import ArgumentParser
import Foundation

/// The options that every tool has.
public struct CommonOptions: ParsableArguments {
  /// The number of threads that the user asks for; nil if there is none.
  @Option(
    name: [.customShort("j", allowingJoined: true), .customLong("jobs")],
    help: ArgumentHelp(
      "Threads to use (default: OMP_NUM_THREADS, else the cores this process may use).",
      valueName: "n"))
  public var jobs: Int?

  /// Whether only errors are printed.
  @Flag(name: .long, help: "Print errors only.")
  public var quiet = false

  /// Whether details are printed.
  @Flag(name: .shortAndLong, help: "Print details.")
  public var verbose = false

  /// Whether results are printed as JSON.
  @Flag(name: .long, help: "Print results as JSON to standard output.")
  public var json = false

  /// Makes the options with their defaults.
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
