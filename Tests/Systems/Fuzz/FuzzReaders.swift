import ArgumentParser
import Diagnostics
import Foundation

/// Feeds damaged files to the readers of the program; `make fuzz` does so under the address
/// sanitizer.
///
/// Not installed.  docs/RELIABILITY.md says what counts as a failure.
@main struct FuzzReaders: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fuzz-readers",
    abstract: "Feed damaged files to a reader: each must be read or refused with an error.")

  @Argument(help: "The reader: \(Reader.allCases.map(\.rawValue).joined(separator: ", ")).")
  var reader: Reader
  @Option(help: "Folder of whole files, or of folders of them, that damaged ones are made of.")
  var seeds: String
  @Option(help: "Number of cases.") var cases = 10_000
  @Option(help: "Seed of the damage.") var seed: UInt64 = 1
  @Option(help: "Folder for the files of cases that fail.") var failures = "build/fuzz"
  @Option(help: "The first case.") var from = 0
  @Flag(help: "Run the cases in this process, keep their files, say what becomes of them.")
  var here = false
  @Flag(name: .shortAndLong, help: "Name the cases that a trial process does not survive.")
  var verbose = false

  func run() throws {
    if here {
      try runHere()
    } else {
      try supervise()
    }
  }

  private func supervise() throws {
    if reader.isHDF5 { try useCheckingAllocator() }
    var supervisor = try Supervisor(
      reader, seeds: seeds, seed: seed, failures: failures, isVerbose: verbose)
    let start = Date()
    try supervisor.run(from..<cases)
    let name = reader.rawValue.padding(toLength: 10, withPad: " ", startingAt: 0)
    print(
      "\(name) \(cases - from) cases of seed \(seed): \(supervisor.accepted) read, "
        + "\(supervisor.refused) refused, \(supervisor.contained) contained, "
        + "\(supervisor.strayed) strayed, "
        + "\(supervisor.failed.count) failed, \(Int(Date().timeIntervalSince(start))) s")
    if !supervisor.failed.isEmpty { throw ExitCode(1) }
  }

  private func runHere() throws {
    let seeds = try Seeds(seeds, for: reader, seed: seed)
    for index in from..<cases {
      let files = seeds.files(ofCase: index)
      try write(files, to: "\(failures)/\(reader.rawValue)-\(index)")
      limitTime(seconds: hdf5Limit)
      do {
        try reader.tryFirst(files, named: "try-\(index)")
        limitTime(seconds: readingLimit)
        say("case \(index): survived the trial")
        try reader.read(files, named: "case-\(index)")
        say("case \(index): read")
      } catch let error as ToolError {
        say("case \(index): \(error.place): \(error.problem)")
      } catch let errors as ToolErrors {
        for error in errors.errors { say("case \(index): \(error.place): \(error.problem)") }
      }
    }
  }
}
