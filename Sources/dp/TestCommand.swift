import ArgumentParser
import Configuration
import Datasets
import Diagnostics
import Files
import Foundation
import Toolkit

/// `dp test`: the errors of a model, in the words of DeePMD-kit's log and on standard error, as in
/// DeePMD-kit.
struct TestCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Compare a model with labelled data (dp-eval).")

  @ParentCommand var dp: DP
  @OptionGroup var log: LogOptions
  @Option(name: .shortAndLong, help: "Model, or the beginning of its name.")
  var model = "frozen_model"
  @OptionGroup var data: SystemOptions
  @Option(help: ArgumentHelp("The training data of this input.", valueName: "json"))
  var trainData: String?
  @Option(help: ArgumentHelp("The validation data of this input.", valueName: "json"))
  var validData: String?
  @Option(
    name: [.customShort("n", allowingJoined: true), .customLong("numb-test")],
    help: ArgumentHelp("First n frames of each system; 0: all.", valueName: "n"))
  var frames = 0
  @Option(name: [.customShort("r"), .long], help: "Ignored: no frame is drawn.") var randSeed: Int?
  @Flag(help: "Only with all frames.") var shuffleTest = false
  @Option(
    name: [.customShort("d"), .long],
    help: ArgumentHelp("Write labels and predictions to <prefix>.e.out, ...", valueName: "prefix"))
  var detailFile: String?
  @Flag(name: .shortAndLong, help: "Compare values of atoms, but for energies.") var atomic = false
  @OptionGroup var head: HeadOption
  @Option(name: [.customShort("S"), .customLong("set-prefix")], help: "Ignored, as by DeePMD-kit.")
  var setPrefix: String?

  func execute() throws {
    try refuse(
      shuffleTest && frames > 0, "--shuffle-test",
      "the first \(counted(frames, "frame is", "frames are")) taken, not others",
      remedy: "leave it out, or test all frames (-n 0)")
    sayIgnored()
    let path = try modelPath(model, dp.usedBackend)
    var arguments = [path] + (try systems()) + ["--json", "-n", "\(frames)"] + head.arguments
    arguments += commonArguments
    if let detailFile { arguments += ["--detail", detailFile] }
    let (output, exitCode) = try runTool("dp-eval", arguments, for: "test")
    guard exitCode == 0 else { throw ExitCode(exitCode) }
    let found = try JSONValue(parsing: output, at: "dp-eval")
    let log = try TestLog(found, atomic: atomic)
    if atomic && log.isOfEnergies { note("-a: energies of atoms are not compared") }
    if let detailFile { try log.arrange(detailFile) }
    if common.json {
      try console.output(json: found)
    } else {
      for line in log.lines { console.say("DEEPMD INFO    \(line)") }
    }
  }

  /// The paths of the data.
  private func systems() throws -> [String] {
    if let input = trainData ?? validData {
      guard data.system == nil, data.datafile == nil, trainData == nil || validData == nil else {
        throw ToolError(.usage, at: "", "data are named twice", remedy: "name one of them")
      }
      // As in DeePMD-kit, these paths are relative to the folder of the input file.
      let folder = parentFolder(of: input)
      let configuration = try TrainingInput(contentsOf: input, in: folder)
      let wanted = trainData != nil ? configuration.trainingData : configuration.validationData
      guard let wanted else {
        throw ToolError(.configuration, at: input, "has no validation_data")
      }
      return wanted.systems.map { $0.hasPrefix("/") || folder.isEmpty ? $0 : "\(folder)/\($0)" }
    }
    return try data.systems()
  }
}
