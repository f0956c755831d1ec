import ArgumentParser
import Atoms
import Diagnostics
import Storage

/// Two outputs of one input: training and validation data.
struct SplitOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write this part of the frames, taken at random, to a second output.", valueName: "fraction"))
  var split: Double?
  @Option(help: ArgumentHelp("The seed of what is taken (default: 1).", valueName: "n"))
  var seed: UInt64?

  func validate() throws {
    if let split, !(split > 0 && split < 1) {
      throw ValidationError("'--split \(split)': give a part between 0 and 1, such as 0.1.")
    }
    if seed != nil && split == nil { throw ValidationError("'--seed' needs '--split'.") }
  }

  /// The systems of each output.  Throws `.data` if there are too few different frames.
  func parts(_ systems: [AtomicSystem], of inputs: [String]) throws -> [[AtomicSystem]] {
    guard let split else { return [systems] }
    guard let parts = splitFrames(systems, fraction: split, seed: seed ?? 1) else {
      throw ToolError(
        .data, at: inputs.joined(separator: " "), "has too few different frames to split",
        remedy: "train without validation data, or add frames")
    }
    return [parts.training, parts.validation]
  }
}
