import ArgumentParser
import Runs
import Toolkit

/// The options for a training that does not start from random numbers.
struct StartOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Start a new training with the parameters of this model, checkpoint or run folder.",
      valueName: "path"))
  var initModel: String?
  @Option(
    name: [.customLong("init-frz-model"), .customLong("init-frozen")],
    help: ArgumentHelp("The same; DeePMD-kit's name for it with a frozen model.", valueName: "path")
  )
  var initFrozenModel: String?
  @Option(
    help: ArgumentHelp(
      "Fine-tune this model: match types by name, fit the energy bias to the data, train.",
      valueName: "path"))
  var finetune: String?
  @Option(
    help: ArgumentHelp(
      "Go on from this checkpoint, or from the newest of this run folder.", valueName: "path"))
  var restart: String?
  @OptionGroup var branch: BranchOptions
  @Flag(help: "With a model to start from, take descriptor and fitting net from it, not the input.")
  var usePretrainScript = false

  func validate() throws {
    let given = [
      ("--init-model", initModel), ("--init-frz-model", initFrozenModel), ("--finetune", finetune),
      ("--restart", restart),
    ].filter { $1 != nil }
    if given.count > 1 {
      throw ValidationError("'\(given[0].0)' and '\(given[1].0)' exclude each other.")
    }
    if branch.isGiven && (given.isEmpty || restart != nil) {
      throw ValidationError(
        "'--head' and '--ema' need '--finetune', '--init-model' or '--init-frz-model'.")
    }
    if branch.modelBranch == ModelSource.newFitting && finetune == nil {
      throw ValidationError("'--head \(ModelSource.newFitting)' needs '--finetune'.")
    }
    if usePretrainScript && (given.isEmpty || restart != nil) {
      throw ValidationError(
        "'--use-pretrain-script' needs '--finetune', '--init-model' or '--init-frz-model'.")
    }
  }

  /// Where the models come from that a new training starts from; nil if it starts anew.
  var source: ModelSource? {
    guard let path = finetune ?? initModel ?? initFrozenModel else { return nil }
    return ModelSource(
      path: path, purpose: finetune == nil ? .start : .finetune, branch: branch.modelBranch,
      isAveraged: branch.ema, givesScript: usePretrainScript, warn: Console.shared.warn)
  }
}
