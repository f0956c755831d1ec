import Diagnostics
import Foundation

/// Runs the tool `name` beside this program for `command`, and waits; returns its standard output
/// and its exit code.
///
/// Its messages go to the standard error of this program.
func runTool(
  _ name: String, _ arguments: [String], for command: String
) throws -> (output: [UInt8], exitCode: Int32) {
  let process = Process(), pipe = Pipe()
  process.executableURL = URL(filePath: try sibling(name))
  process.arguments = arguments
  process.environment = ProcessInfo.processInfo.environment
    .merging([CalledAs.variable: command]) { $1 }
  process.standardOutput = pipe
  do {
    try process.run()
  } catch {
    throw ToolError(.io, at: name, "cannot be started: \(error.localizedDescription)")
  }
  let output = (try? pipe.fileHandleForReading.readToEnd()) ?? Data()
  process.waitUntilExit()
  let code = process.terminationStatus
  return (Array(output), process.terminationReason == .exit ? code : 128 + code)
}
