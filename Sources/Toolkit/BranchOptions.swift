import ArgumentParser

/// The options of tools that read models: what is taken from a file that holds several.
public struct BranchOptions: ParsableArguments {
  /// The name of the task whose model is taken.
  @Option(
    name: [.customLong("head"), .customLong("model-branch")],
    help: ArgumentHelp("Of models of several tasks take that of this one.", valueName: "name"))
  public var modelBranch: String?
  /// Whether the averaged weights are taken.
  @Flag(help: "Take the averaged weights of a checkpoint (.pt).")
  public var ema = false

  /// Whether something is chosen.
  public var isGiven: Bool { modelBranch != nil || ema }

  /// Makes the options with their defaults.
  public init() {}
}
