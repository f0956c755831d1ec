import ArgumentParser
import Toolkit

/// `dp show`: what is in a model.
struct ShowCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show what is in a model (dp-freeze --info).")

  /// What DeePMD-kit lets one ask for; all of it is shown.
  enum Part: String, CaseIterable, ExpressibleByArgument {
    case modelBranch = "model-branch"
    case typeMap = "type-map"
    case descriptor
    case fittingNet = "fitting-net"
    case size
    case observedType = "observed-type"
    case serializationTree = "serialization-tree"
  }

  @ParentCommand var dp: DP
  @OptionGroup var log: LogOptions
  @Argument(help: "Model or checkpoint.") var input: String
  @Argument(help: "What is wanted; everything is shown.") var parts: [Part] = []

  func execute() throws {
    try refuse(
      parts.contains(.modelBranch), "model-branch", "multi-task models are not supported")
    log.sayIgnored()
    try become("dp-freeze", ["--info", try modelPath(input, dp.usedBackend)])
  }
}
