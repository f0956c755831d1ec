import ArgumentParser
import Diagnostics
import Toolkit

/// `dp model-devi`: the deviations between models.
struct ModelDeviCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "model-devi", abstract: "Write the deviation of several models (dp-eval).")

  @ParentCommand var dp: DP
  @OptionGroup var log: LogOptions
  @Option(name: .shortAndLong, parsing: .upToNextOption, help: "Models.")
  var models: [String] = []
  @Option(name: .shortAndLong, help: "Data: a folder of systems at any depth, or a file.")
  var system = "."
  @Option(name: .shortAndLong, help: "File to write.") var output = "model_devi.out"
  @Option(name: .shortAndLong, help: "Number frames in steps of n.") var frequency = 1
  @Flag(name: .customLong("real_error"), help: "Error against the labels instead.")
  var realError = false
  @Flag(help: "Add the deviation of the force on each atom.") var atomic = false
  @Option(help: "Divide deviations of forces by their size plus this level in eV/Å.")
  var relative: Double?
  @Option(
    name: .customLong("relative_v"),
    help: "Divide deviations of virials per atom by their size plus this level in eV.")
  var relativeVirial: Double?
  @Option(name: [.customShort("S"), .customLong("set-prefix")], help: "Ignored, as by DeePMD-kit.")
  var setPrefix: String?
  @OptionGroup var head: HeadOption

  func execute() throws {
    try refuse(
      models.count == 1 && !realError, "--models", "names one model, which deviates from no other",
      remedy: "name two or more, or ask for its errors with --real_error")
    sayIgnored()
    let names = models.isEmpty ? (0..<4).map { "graph.00\($0)" } : models
    let paths = try names.map { try modelPath($0, dp.usedBackend) }
    var arguments = [paths[0], system, "--deviation", output, "--frequency", "\(frequency)"]
    arguments += head.arguments
    if realError { arguments.append("--real-error") }
    if atomic { arguments.append("--atomic") }
    if let relative { arguments += ["--relative", "\(relative)"] }
    if let relativeVirial { arguments += ["--relative-virial", "\(relativeVirial)"] }
    if paths.count > 1 { arguments += ["--models"] + paths.dropFirst() }
    // dp-eval also prints the errors of the first model, which are not wanted here.
    let (errors, exitCode) = try runTool(
      "dp-eval", arguments + commonArguments + ["--json"], for: "model-devi")
    guard exitCode == 0 else { throw ExitCode(exitCode) }
    if common.json { try console.output(String(decoding: errors, as: UTF8.self)) }
    note("\(output): deviation of \(counted(paths.count, "model"))")
  }
}
