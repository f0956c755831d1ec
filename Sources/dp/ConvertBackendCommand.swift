import ArgumentParser
import Diagnostics
import Toolkit

/// `dp convert-backend`: writes a model of any of DeePMD-kit's files as `.dp` or as YAML.
struct ConvertBackendCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "convert-backend", abstract: "Write a model as .dp, .h5 or .yaml (dp-freeze).")

  @ParentCommand var dp: DP
  @OptionGroup var log: LogOptions
  @Argument(help: "Model to read: .dp, .h5, .pb, .pth, .pt, .pt2 or .yaml.") var input: String
  @Argument(help: "Model to write: .dp, .h5 or .yaml.") var output: String
  @OptionGroup var head: HeadOption
  @Flag(help: "Refused.") var atomicVirial = false

  func execute() throws {
    sayIgnored()
    try refuse(
      atomicVirial, "--atomic-virial", "all models give virials of atoms without it",
      remedy: "leave it out")
    guard [".dp", ".h5", ".yaml", ".yml"].contains(where: output.hasSuffix) else {
      throw ToolError(
        .usage, at: output, "cannot be written: models are written as .dp, .h5 or .yaml only",
        remedy: "write a .dp here, and convert it with DeePMD-kit's dp convert-backend")
    }
    let source = try modelPath(input, dp.usedBackend)
    try become("dp-freeze", [source, "-o", output] + head.arguments)
  }
}
