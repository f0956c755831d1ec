import Foundation

/// What a process left behind.
public struct Finished {
  /// The exit code; the negative signal number if a signal ended it, `Finished.tooLate` past the
  /// limit.
  public let exitCode: Int32
  /// All of standard output.
  public let output: String
  /// All of standard error.
  public let messages: String

  /// The exit code of a process that was ended because its time was up.
  public static let tooLate: Int32 = -1000
}

/// The folder of the tools under test: they are built beside the test bundle, unless DP_TOOLS names
/// those of another build.
public let toolFolder = URL(
  filePath: ProcessInfo.processInfo.environment["DP_TOOLS"] ?? Bundle.main.bundlePath)

/// The tools of this package.
public let toolNames = [
  "dp-synth", "dp-convert", "dp-stat", "dp-train", "dp-freeze", "dp-eval", "dp-profile",
  "dp-plot", "dp-report", "dp-ipi", "dp",
]

/// Runs the tool `name` in `folder` and waits until it ends, at most `limit` seconds.
///
/// `environment` is added to ours; a value "" removes the variable.  `input` is what standard input
/// holds.
public func runTool(
  _ name: String, _ arguments: [String] = [], in folder: URL? = nil,
  environment: [String: String] = [:], input: String = "", limit: Double = 60
) throws -> Finished {
  try runProgram(
    toolFolder.appending(path: name).path, arguments, in: folder, environment: environment,
    input: input, limit: limit)
}

/// Runs the tool `name` where no file can grow beyond half a kilobyte: its writes fail as on a full
/// disk.
public func runToolOnFullDisk(
  _ name: String, _ arguments: [String], in folder: URL
) throws -> Finished {
  // A limit on the size of files, its signal ignored.
  let script = "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\""
  let tool = toolFolder.appending(path: name).path
  return try runProgram("/bin/sh", ["-c", script, tool] + arguments, in: folder)
}

/// Runs any program, by its path; as above.
public func runProgram(
  _ path: String, _ arguments: [String], in folder: URL? = nil,
  environment: [String: String] = [:], input: String = "", limit: Double = 60
) throws -> Finished {
  try withTemporaryFolder { scratch in
    // Files instead of pipes: nothing to drain, and no size at which the process would wait for us.
    let names = ["in", "out", "err"].map { scratch.appending(path: $0) }
    for name in names { try Data(name == names[0] ? input.utf8 : "".utf8).write(to: name) }
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment
      .merging(environment) { $1 }.filter { !$0.value.isEmpty }
    process.standardInput = try FileHandle(forReadingFrom: names[0])
    process.standardOutput = try FileHandle(forWritingTo: names[1])
    process.standardError = try FileHandle(forWritingTo: names[2])
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    let inTime = ended.wait(timeout: .now() + limit) == .success
    if !inTime {
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    let code = process.terminationStatus
    return Finished(
      exitCode: !inTime ? Finished.tooLate : process.terminationReason == .exit ? code : -code,
      output: try String(contentsOf: names[1], encoding: .utf8),
      messages: try String(contentsOf: names[2], encoding: .utf8))
  }
}

/// The names of everything in `folder`, at any depth, sorted.
public func contents(of folder: URL) throws -> [String] {
  try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
}
