import ArgumentParser

/// The options of tools that read models: what is taken from a checkpoint of PyTorch.
public struct BranchOptions: ParsableArguments {
  /// The name of the model in a multi-task checkpoint.
  @Option(
    help: ArgumentHelp("Take this model of a multi-task checkpoint (.pt).", valueName: "name"))
  public var modelBranch: String?
  /// Whether the averaged weights are taken.
  @Flag(help: "Take the averaged weights of a checkpoint (.pt).")
  public var ema = false

  /// Whether something is chosen.
  public var isGiven: Bool { modelBranch != nil || ema }

  /// Makes the options with their defaults.
  public init() {}
}
