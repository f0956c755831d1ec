import ArgumentParser
import Diagnostics
import Foundation
import Toolkit

/// `dp change-bias`: a new energy bias, fitted to other data.
struct ChangeBiasCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "change-bias", abstract: "Fit a model's energy bias to data (dp-freeze).")

  /// How the bias is computed.
  enum Mode: String, CaseIterable, ExpressibleByArgument { case change, set }

  @ParentCommand var dp: DP
  @OptionGroup var log: LogOptions
  @Argument(help: "Model or checkpoint.") var input: String
  @OptionGroup var data: SystemOptions
  @Option(
    help: ArgumentHelp(
      "Also -b: set the bias to these energies in eV, one for each type.", valueName: "energies"))
  var biasValue: String?
  @Option(
    name: [.customShort("n"), .long],
    help: ArgumentHelp("First n frames of each system; 0: all.", valueName: "n"))
  var numbBatch = 0
  @Option(name: .shortAndLong, help: "change: by the model's errors; set: from labels alone.")
  var mode = Mode.change
  @Option(name: .shortAndLong, help: "Model to write (default: <input>_updated).")
  var output: String?
  @OptionGroup var head: HeadOption

  func execute() throws {
    sayIgnored()
    let source = try modelPath(input, dp.usedBackend)
    var arguments = [source, "-o", output ?? updated(source)] + head.arguments
    guard let biasValue else {
      arguments += try data.systems().flatMap { ["--change-bias", $0] }
      arguments += ["--bias-mode", mode.rawValue, "--bias-frames", "\(numbBatch)"]
      try become("dp-freeze", arguments)
    }
    try refuse(
      data.system != nil || data.datafile != nil, "--bias-value", "excludes '-s' and '-f'")
    try become("dp-freeze", arguments + ["--bias-values", biasValue])
  }

  /// Joins the energies after `-b` to one word; negative ones would otherwise look like options.
  static func words(_ arguments: [String]) -> [String] {
    guard let option = arguments.firstIndex(where: { ["-b", "--bias-value"].contains($0) }) else {
      return arguments
    }
    let energies = arguments[(option + 1)...].prefix { Double($0) != nil }
    return arguments[..<option] + ["--bias-value=\(energies.joined(separator: ","))"]
      + arguments[energies.endIndex...]
  }

  /// The name of the changed model for the model at `path`: with `_updated` before its ending.
  private func updated(_ path: String) -> String {
    let file = path.hasSuffix(".") || path.hasSuffix("/") ? "model" : path
    guard let ending = Backend.modelSuffixes.first(where: file.hasSuffix) else {
      return file + "_updated" + dp.usedBackend.modelSuffix
    }
    return file.dropLast(ending.count) + "_updated" + ending
  }
}
