import ArgumentParser
import Diagnostics
import Toolkit

/// `dp convert-backend`: writes a model of any of DeePMD-kit's files in the layout of `.dp`.
struct ConvertBackendCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "convert-backend", abstract: "Write a model as .dp or .h5 (dp-freeze).")

  @ParentCommand var dp: DP
  @OptionGroup var log: LogOptions
  @Argument(help: "Model to read: .dp, .h5, .pb, .pth, .pt, .pt2 or .yaml.") var input: String
  @Argument(help: "Model to write: .dp or .h5.") var output: String
  @Flag(help: "Refused.") var atomicVirial = false

  func execute() throws {
    sayIgnored()
    try refuse(
      atomicVirial, "--atomic-virial", "all models give virials of atoms without it",
      remedy: "leave it out")
    guard output.hasSuffix(".dp") || output.hasSuffix(".h5") else {
      throw ToolError(
        .usage, at: output, "cannot be written: models are written as .dp or .h5 only",
        remedy: "write a .dp here, and convert it with DeePMD-kit's dp convert-backend")
    }
    try become("dp-freeze", [try modelPath(input, dp.usedBackend), "-o", output])
  }
}
