import ArgumentParser
import ForeignModels

/// The option by which DeePMD-kit's commands name a model of a multi-task checkpoint.
struct HeadOption: ParsableArguments {
  @Option(
    name: [.customLong("head"), .customLong("model-branch")],
    help: "The model of a multi-task checkpoint that is meant.")
  var head: String?

  /// The choice for a reader of models.
  var choice: ModelChoice { ModelChoice(branch: head) }
  /// The same as options of our tools.
  var arguments: [String] { head.map { ["--model-branch", $0] } ?? [] }
}
