import ArgumentParser
import Atoms
import Datasets
import Diagnostics
import Toolkit

extension SplitUnit: ExpressibleByArgument {}

/// The options for two outputs, training and validation data, of one input.
struct SplitOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write this part of the frames, taken at random, to a second output.", valueName: "fraction"))
  var split: Double?
  @Option(
    help: ArgumentHelp(
      "Write every n-th frame to a second output, instead of '--split'.", valueName: "n"))
  var every: Int?
  @Option(
    help: ArgumentHelp(
      "What stays together (frames: only equal ones).", valueName: "frames|systems|composition"))
  var splitBy: SplitUnit?
  @Option(help: ArgumentHelp("The seed of what is taken (default: 1).", valueName: "n"))
  var seed: UInt64?

  /// Whether there are two outputs.
  var isAsked: Bool { split != nil || every != nil }

  func validate() throws {
    if let split, !(split > 0 && split < 1) {
      throw ValidationError("'--split \(split)': give a part between 0 and 1, such as 0.1.")
    }
    if let every, every < 2 { throw ValidationError("'--every \(every)': give 2 or more.") }
    if split != nil && every != nil {
      throw ValidationError("'--split' and '--every' both say what is taken: give one.")
    }
    if splitBy != nil && !isAsked {
      throw ValidationError("'--split-by' needs '--split' or '--every'.")
    }
  }

  /// The systems of each output.  Throws `.data` if there are too few different frames.
  func parts(
    _ systems: [AtomicSystem], of inputs: [String], _ console: Console
  ) throws -> [[AtomicSystem]] {
    let choice =
      split.map { SplitChoice.fraction($0, seed: seed ?? 1) } ?? every.map(SplitChoice.every)
    guard let choice else { return [systems] }
    let unit = splitBy ?? .frames
    guard let parts = splitSystems(systems, by: unit, choice) else {
      let units = ["systems": "systems", "composition": "compositions"][unit.rawValue]
      throw ToolError(
        .data, at: inputs.joined(separator: " "),
        "has too few different \(units ?? "frames") to split",
        remedy: "train without validation data, or add \(units ?? "frames")")
    }
    if parts.repeatedFrames > 0 {
      let is1 = parts.repeatedFrames == 1
      console.say(
        "\(parts.repeatedFrames) \(is1 ? "frame equals" : "frames equal") one before: equal frames "
          + "stay together")
    }
    return [parts.training, parts.validation]
  }
}
