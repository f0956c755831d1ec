import ArgumentParser
import Diagnostics
import Foundation
import Toolkit

/// A command of `dp`.
protocol Command: Tool {
  /// The options before the command.
  var dp: DP { get }
  /// DeePMD-kit's options about messages.
  var log: LogOptions { get }
}

extension Command {
  var common: CommonOptions {
    var common = dp.common
    if log.isQuiet { (common.quiet, common.verbose) = (true, false) }
    if log.isVerbose { common.verbose = !common.quiet }
    return common
  }
  static var name: String { "dp" }

  /// Names the options about messages, and the backend, if they have no effect here.
  func sayIgnored() {
    log.sayIgnored()
    guard let name = dp.namedBackend, !dp.usedBackend.isUsual else { return }
    note("\(name): names of files follow that backend; program and models are ours all the same")
  }

  /// Writes that an option has no effect.
  func note(_ text: String) { console.say("dp: note: \(text)") }

  /// Throws an error if an option is given that this program cannot obey.
  func refuse(_ isGiven: Bool, _ option: String, _ problem: String, remedy: String? = nil) throws {
    if isGiven { throw ToolError(.usage, at: option, problem, remedy: remedy) }
  }

  /// The common options of all tools, as they were given.
  var commonArguments: [String] {
    var arguments: [String] = []
    if let jobs = common.jobs { arguments += ["-j", "\(jobs)"] }
    if common.quiet { arguments.append("--quiet") }
    if common.verbose { arguments.append("--verbose") }
    return arguments
  }

  /// Replaces this process by the tool `name` with `arguments`.
  func become(_ name: String, _ arguments: [String]) throws -> Never {
    let path = try sibling(name)
    let words = [path] + arguments + commonArguments + (common.json ? ["--json"] : [])
    setenv(CalledAs.variable, Self.configuration.commandName ?? "", 1)
    console.detail("dp: \(words.map { $0.contains(" ") ? "'\($0)'" : $0 }.joined(separator: " "))")
    let pointers = words.map { strdup($0) } + [nil]
    execv(path, pointers)
    throw ToolError(.io, at: path, "cannot be started: \(String(cString: strerror(errno)))")
  }
}

/// The path of the tool `name`, which is beside this program.
func sibling(_ name: String) throws -> String {
  let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
  let path = own.deletingLastPathComponent().appending(path: name).path
  guard FileManager.default.isExecutableFile(atPath: path) else {
    throw ToolError(
      .missingInput, at: path, "is not there, though \(own.lastPathComponent) is",
      remedy: "install all tools together: make install")
  }
  return path
}

/// DeePMD-kit's options about messages.
struct LogOptions: ParsableArguments {
  @Option(
    name: .customLong("log-level"),
    help: ArgumentHelp("Also -v: ERROR, WARNING, INFO or DEBUG, or 0 to 3.", valueName: "level"))
  var level: Level?
  @Option(
    name: [.customShort("l"), .customLong("log-path")],
    help: ArgumentHelp("Ignored: messages go to standard error.", valueName: "file"))
  var path: String?

  /// The level of messages.
  enum Level: String, CaseIterable, ExpressibleByArgument {
    case debug = "DEBUG"
    case debugNumber = "3"
    case info = "INFO"
    case infoNumber = "2"
    case warning = "WARNING"
    case warningNumber = "1"
    case error = "ERROR"
    case errorNumber = "0"
  }

  var isQuiet: Bool { [.warning, .warningNumber, .error, .errorNumber].contains(level) }
  var isVerbose: Bool { [.debug, .debugNumber].contains(level) }

  /// Names the options that have no effect.
  func sayIgnored() {
    guard let path else { return }
    Console.shared.say("dp: note: -l \(path): messages go to standard error, not to a file")
  }
}
