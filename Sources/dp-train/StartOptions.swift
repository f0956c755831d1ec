import ArgumentParser
import ForeignModels
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
  /// DeePMD-kit's word in place of a name for new fitting nets.
  private static let newFitting = "RANDOM"
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
        "'--model-branch' and '--ema' need '--finetune', '--init-model' or '--init-frz-model'.")
    }
    if branch.modelBranch == Self.newFitting && finetune == nil {
      throw ValidationError("'--model-branch \(Self.newFitting)' needs '--finetune'.")
    }
    if usePretrainScript && (given.isEmpty || restart != nil) {
      throw ValidationError(
        "'--use-pretrain-script' needs '--finetune', '--init-model' or '--init-frz-model'.")
    }
  }

  /// The model that a new training starts from, if one is given.
  func initialModel() throws -> InitialModel? {
    let isNew = branch.modelBranch == Self.newFitting
    var choice = ModelChoice(
      branch: isNew ? nil : branch.modelBranch, isAveraged: branch.ema)
    choice.takesAny = isNew
    if let finetune {
      return try InitialModel(
        at: finetune, for: .finetune, choice, withNewFitting: isNew, warn: Console.shared.warn)
    }
    return try (initModel ?? initFrozenModel).map {
      try InitialModel(at: $0, for: .start, choice, warn: Console.shared.warn)
    }
  }
}
