import ArgumentParser
import Diagnostics
import Toolkit

/// `dp train`: a training in the current folder.
struct TrainCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train a model in this folder (dp-train).")
  static var handsOver: Bool { true }

  @ParentCommand var dp: DP
  @OptionGroup var log: LogOptions
  @Argument(help: "Input file (JSON).") var input: String
  @Option(name: .shortAndLong, help: "Start from the parameters of this checkpoint or model.")
  var initModel: String?
  @Option(name: .shortAndLong, help: "Go on from this checkpoint.") var restart: String?
  @Option(
    name: [.customShort("f"), .customLong("init-frz-model")],
    help: "Start from the parameters of this model.")
  var initFrozenModel: String?
  @Option(name: [.customShort("t"), .long], help: "Fine-tune this model.") var finetune: String?
  @Flag(help: "Take descriptor and fitting net from the model to start from.")
  var usePretrainScript = false
  @Option(name: .shortAndLong, help: "Write the input with all defaults to this file.")
  var output = "out.json"
  @Flag(help: "Ignored: neighbors are always counted.") var skipNeighborStat = false
  @Option(
    name: [.customShort("m"), .long], help: ArgumentHelp("Ignored.", valueName: "manner"))
  var mpiLog: String?
  @Option(help: "The model of a multi-task checkpoint that is fine-tuned.") var modelBranch = ""
  @Flag(help: "Refused: a model is read whole or not at all.") var forceLoad = false

  func validate() throws {
    let starts = [initModel, restart, initFrozenModel, finetune].compactMap(\.self)
    if starts.count > 1 {
      throw ValidationError(
        "'--init-model', '--restart', '--init-frz-model' and '--finetune' exclude each other.")
    }
  }

  func execute() throws {
    try refuse(
      forceLoad, "--force-load", "a checkpoint that does not fit is not loaded in part",
      remedy: "use --init-model or --finetune with a model of the same shape")
    sayIgnored()
    if skipNeighborStat {
      note("--skip-neighbor-stat: neighbors are counted anyway, and sel is checked")
    }
    var arguments = [input, "-o", ".", "--write-input", output]
    for suffix in dp.usedBackend.checkpointSuffixes { arguments += ["--newest-as", suffix] }
    for (option, name) in [
      ("--init-model", initModel), ("--restart", restart), ("--init-frz-model", initFrozenModel),
      ("--finetune", finetune),
    ] {
      if let name { arguments += [option, try modelPath(name, dp.usedBackend)] }
    }
    if !modelBranch.isEmpty { arguments += ["--model-branch", modelBranch] }
    if usePretrainScript { arguments.append("--use-pretrain-script") }
    try become("dp-train", arguments)
  }
}
