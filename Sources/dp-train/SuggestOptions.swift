import ArgumentParser
import Configuration
import Datasets
import Toolkit

/// The options for printing an input.json that fits the data, without a training.
struct SuggestOptions: ParsableArguments {
  @Flag(help: "Print an input.json that fits the data named in its place, train nothing.")
  var suggest = false
  @Option(
    help: ArgumentHelp("With --suggest, data for validation; repeat it.", valueName: "data"))
  var validation: [String] = []

  @Option(
    help: ArgumentHelp(
      "With --suggest, print this input: with the data's elements where its type_map is empty.",
      valueName: "input.json"))
  var completing: String?

  func validate() throws {
    if !suggest && !validation.isEmpty {
      throw ValidationError("'--validation' needs '--suggest'; a training has them in its input.")
    }
    if !suggest && completing != nil {
      throw ValidationError("'--completing' needs '--suggest', which names the data.")
    }
  }

  /// Prints an input for the data at `path`, with `steps` steps if that is given.
  func print(for path: String, steps: Int?, _ cache: CacheOption, _ console: Console) throws {
    if let completing {
      let (text, completed) = try completedInput(contentsOf: completing, for: path)
      return try console.output(completed.map(JSONText.pretty) ?? text)
    }
    var dataCache = DataCache(limit: cache.bytes)
    let training = try openSystems(at: [path], cache: &dataCache)
    let unseen = try validation.isEmpty ? [] : openSystems(at: validation, cache: &dataCache)
    let data = try DataDescription(
      training, validationFrames: unseen.reduce(0) { $0 + $1.frameCount })
    let suggestion = SuggestedInput(for: data, steps: steps)
    console.say(suggestion.summary)
    try console.output(suggestion.text(training: [path], validation: validation))
  }
}
