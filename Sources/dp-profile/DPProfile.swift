import ArgumentParser
import Configuration
import Datasets
import Files
import ForeignModels
import Measurement
import Models
import Profiling
import Runs
import Toolkit
import Training

@main struct DPProfile: Tool {
  static let configuration = CommandConfiguration.tool(
    "dp-profile",
    abstract: "Say where the time of a training or an evaluation goes, and how fast it could be.",
    usage: """
      dp-profile <input.json> [--statistics <stat.h5>] [--steps <n>] [-o <prefix>]
      dp-profile <model.h5> <data> ... [--frames <n>] [--batch <n>] [--steps <n>] [-o <prefix>]
      """,
    discussion: """
      Does some training steps, or evaluates frames again and again, and prints the
      time of every phase beside what this machine reaches, which is measured on the
      spot; memory, the gain from threads, the cost of measuring itself.
      No checkpoint is kept.  docs/PERFORMANCE.md, "Profiles", explains it all.

      EXAMPLES
        dp-profile input.json --statistics stat.h5   training steps
        dp-profile model.h5 data.h5 --batch 8        energies and forces of 8 frames
        dp-profile input.json -o profile             profile.txt, .json, .trace.json, .svg
        dp-profile model.h5 data.h5 --flame f.svg    a picture, for a browser
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var branch: BranchOptions
  @Argument(help: "Input file of a training (.json); or a model, checkpoint or run folder.")
  var subject: String
  @Argument(help: "Data to evaluate a model on: HDF5 files, groups in them, folders, extended XYZ.")
  var data: [String] = []
  @Option(help: ArgumentHelp("Record so many steps.", valueName: "n")) var steps = 20
  @Option(
    help: ArgumentHelp("Statistics that dp-stat wrote, not to compute them.", valueName: "stat.h5"))
  var statistics: String?
  @Option(
    name: [.customShort("n"), .long],
    help: ArgumentHelp("Evaluate the first n frames of each system (0: all).", valueName: "n"))
  var frames: Int?
  @Option(help: ArgumentHelp("Evaluate so many frames in one step.", valueName: "n"))
  var batch: Int?
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write <prefix>.txt, .json, .trace.json and .svg.", valueName: "prefix"))
  var output: String?
  @Option(help: ArgumentHelp("Write a Chrome trace, for Perfetto.", valueName: "file"))
  var trace: String?
  @Option(help: ArgumentHelp("Write a flame graph (SVG).", valueName: "file")) var flame: String?

  func validate() throws {
    if steps < 1 { throw ValidationError("'--steps \(steps)' must be 1 or more.") }
    if let batch, batch < 1 { throw ValidationError("'--batch \(batch)' must be 1 or more.") }
    if let frames, frames < 0 { throw ValidationError("'-n \(frames)': give 0 or more frames.") }
    if isTraining {
      if !data.isEmpty { throw ValidationError("'\(subject)' names its data itself.") }
      if batch != nil || frames != nil {
        throw ValidationError("'--batch' and '--frames' are for models; '\(subject)' has its own.")
      }
      if branch.isGiven { throw ValidationError("'--model-branch' and '--ema' are for models.") }
    } else {
      if data.isEmpty { throw ValidationError("no data given to evaluate '\(subject)' on.") }
      if statistics != nil { throw ValidationError("'--statistics' is for trainings.") }
    }
    for file in [trace, flame].compactMap(\.self) where ([subject] + data).contains(file) {
      throw ValidationError("'\(file)' is both input and output.")
    }
  }

  func execute() throws {
    let profile = try profile(threads: common.threads, steps: steps, say: console.detail) {
      try isTraining ? training() : measure(.input) { try evaluation() }
    }
    try write(profile)
    if common.json { return try console.output(json: profile.json) }
    try console.output(profile.text)
  }
}

extension DPProfile {
  private var isTraining: Bool { subject.lowercased().hasSuffix(".json") }

  private func training() throws -> Workload {
    // There are more steps than will be done, because the schedule of the learning rate must not
    // end.
    let input = try TrainingInput(contentsOf: subject, steps: 1_000_000)
    return Workload(
      try TrainingSetup(input, statisticsPath: statistics, threads: common.threads))
  }

  private func evaluation() throws -> Workload {
    let choice = ModelChoice(branch: branch.modelBranch, isAveraged: branch.ema)
    let model = try readModel(at: subject, choice, warn: console.warn)
    let systems = try collectingErrors(readSystems(at: data)) {
      try LabeledSystem($0, for: model.options, sortingAtoms: false)
    }
    let chosen = try systems.flatMap { system in
      let limit = frames ?? 10
      let count = limit > 0 ? min(limit, system.frameCount) : system.frameCount
      return try (0..<count).map(system.frame)
    }
    return Workload(model, place: subject, frames: chosen, batch: batch ?? 1)
  }

  private func write(_ profile: Profile) throws {
    if let trace { try writeWhole(profile.trace, to: trace) }
    if let flame { try writeWhole(profile.flameGraph, to: flame) }
    guard let output else { return }
    try writeWhole(profile.text, to: output + ".txt")
    try writeWhole(try JSONText.pretty(profile.json), to: output + ".json")
    try writeWhole(profile.trace, to: output + ".trace.json")
    try writeWhole(profile.flameGraph, to: output + ".svg")
  }
}
