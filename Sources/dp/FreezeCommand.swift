import ArgumentParser
import Diagnostics
import Toolkit

/// `dp freeze`: writes a training's newest model as a model file.
struct FreezeCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "freeze", abstract: "Write a training's model to a file (dp-freeze).")

  @ParentCommand var dp: DP
  @OptionGroup var log: LogOptions
  @Option(
    name: [.short, .customLong("checkpoint-folder"), .customLong("checkpoint")],
    help: ArgumentHelp("Folder of a training, a checkpoint, or its prefix.", valueName: "path"))
  var checkpoint = "."
  @Option(name: .shortAndLong, help: "Model to write; without an ending, it gets the backend's.")
  var output = "frozen_model"
  @Option(name: .shortAndLong, help: "Ignored.") var nodeNames: String?
  @Option(name: [.customShort("w"), .long], help: "Refused.") var nvnmdWeight: String?
  @OptionGroup var head: HeadOption
  @Flag(help: "Refused.") var hessian = false
  @Option(help: "Ignored.") var lowerKind: String?

  func execute() throws {
    try refuse(nvnmdWeight != nil, "--nvnmd-weight", "NVNMD is not supported")
    try refuse(hessian, "--hessian", "models do not give Hessians")
    sayIgnored()
    if nodeNames != nil { note("--node-names: models have no nodes") }
    if lowerKind != nil { note("--lower-kind: there is one kind of model") }
    let source = try modelPath(checkpoint, dp.usedBackend)
    let target = outputPath(output, dp.usedBackend)
    try become("dp-freeze", [source, "-o", target] + head.arguments)
  }
}
