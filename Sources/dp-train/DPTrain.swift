import ArgumentParser
import Communication
import Configuration
import Datasets
import Diagnostics
import Files
import Foundation
import MPI
import Runs
import TensorBoard
import Toolkit
import Training

@main struct DPTrain: Tool {
  static let configuration = CommandConfiguration.tool(
    "dp-train",
    abstract: "Train a Deep Potential model.",
    usage: """
      dp-train <input.json> [-o <folder>] [--statistics <stat.h5>] [--check]
      dp-train --suggest <data> [--validation <data>] [--steps <n>] [--completing <input.json>]
      """,
    discussion: """
      Reads an input.json of DeePMD-kit (docs/INPUT.md) and writes a run folder: checkpoints and
      the learning curve, lcurve.out; for programs metrics.jsonl.  Run again on the same folder, it continues from the newest
      checkpoint, exactly as if it had never stopped.  INT, TERM and USR1 end it after the present
      step with a checkpoint and exit code 75.

      EXAMPLES
        dp-train input.json                            train into run/
        dp-train input.json --statistics stat.h5 -o a  with what dp-stat computed
        dp-train --check input.json                    only look for mistakes
        dp-train --suggest data.h5 >input.json         an input that fits the data
        dp-train input.json --restart a -o b           go on from another run, perhaps differently
        mpirun -np 4 dp-train input.json               on several processes (docs/SCALING.md)
        dp-train input.json --finetune old.h5          adapt a model to new data (docs/FINETUNING.md)
        dp-train tasks.json                            several models with one descriptor (docs/TASKS.md)
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var cache: CacheOption
  @Argument(help: "Input file of the training (JSON).") var input: String
  @Option(
    name: .shortAndLong, help: ArgumentHelp("Run folder to write.", valueName: "folder"))
  var output = "run"
  @Option(
    help: ArgumentHelp("Statistics that dp-stat wrote, not to compute them.", valueName: "stat.h5"))
  var statistics: String?
  @Option(help: ArgumentHelp("Train so many steps instead of numb_steps.", valueName: "n"))
  var steps: Int?
  @Option(help: ArgumentHelp("Use this seed instead of those of the input.", valueName: "n"))
  var seed: Int?
  @Option(
    help: ArgumentHelp("End after n full validations without a new best.", valueName: "n"))
  var patience: Int?
  @Option(help: ArgumentHelp("Stop after this step, to be continued.", valueName: "step"))
  var until: Int?
  @Option(
    help: ArgumentHelp(
      "Mini-batches of a step, over all ranks (default: one for each rank, or as before).",
      valueName: "n"))
  var miniBatches: Int?
  @Flag(help: "Only check the configuration and the data.") var check = false
  @OptionGroup(title: "AN INPUT TO BEGIN WITH") var suggestion: SuggestOptions
  @OptionGroup(title: "FOR SCRIPTS") var scripts: ScriptOptions
  @OptionGroup(title: "WHAT TO START FROM") var start: StartOptions

  static func join() throws -> (any Transport)? { try joinMPI() }

  func validate() throws {
    if let miniBatches, miniBatches < 1 {
      throw ValidationError("'--mini-batches \(miniBatches)' must be 1 or more.")
    }
    if let steps, steps < 0 { throw ValidationError("'--steps \(steps)' must be 0 or more.") }
    if let patience, patience < 1 {
      throw ValidationError("'--patience \(patience)' must be 1 or more.")
    }
    if let until, until < 1 { throw ValidationError("'--until \(until)' must be 1 or more.") }
  }

  func execute() throws {
    if suggestion.suggest {
      return try suggestion.print(for: input, steps: steps, cache, console)
    }
    if !check { StopRequest.listen() }
    let (inputs, initial) = try TaskInputs.read(
      input, from: start.source, steps: steps, seed: seed)
    let begin =
      check
      ? RunStart.scratch
      : try RunStart(
        in: output, name: inputs.first.checkpointName, restart: start.restart,
        communicator: communicator, warn: console.warn)
    let setup = try RunSetup(
      inputs, statisticsPath: statistics, from: initial, goingOnFrom: begin,
      cache: DataCache(limit: cache.bytes),
      miniBatches: miniBatches ?? begin.miniBatches ?? communicator.size,
      threads: common.threads, communicator: communicator)
    if let warning = setup.tasks.last?.cache.warning { console.warn(warning) }
    if patience != nil && inputs.first.validating == nil {
      throw ToolError(
        .usage, at: "--patience", "counts full validations, which \(input) does not ask for",
        remedy: "set validating/full_validation to true")
    }
    console.say(setup.summary)
    console.say(setup.parallelSummary(threads: common.threads))
    if check { return console.say("\(input): no mistakes found") }
    if let file = scripts.writeInput, communicator.isFirst {
      try writeWhole(JSONText.pretty(inputs.document), to: file)
    }
    let run = try TrainingRun(
      setup, in: output, newestAs: scripts.newestAs, from: begin, patience: patience,
      threads: common.threads, provenance: provenance(setup), warn: console.warn)
    if run.firstStep > 0 {
      console.say("\(output): continuing after step \(run.firstStep)")
    } else {
      for (number, change) in setup.tasks.map(\.biasChange).enumerated() {
        guard let change else { continue }
        let task = setup.hasTasks ? "task \(inputs.names[number]): " : ""
        console.say(task + change.text.trimmingCharacters(in: .newlines))
      }
    }
    var monitor = TrainingMonitor(run, setup)
    let end = try train(run, setup, &monitor)
    if common.json { try console.output(json: result(run, end, setup)) }
    sayCommunication(run)
    Launcher.finish()
    if end == .stopped {
      throw ToolError(
        .stopped, at: output,
        "stopped \(StopRequest.signal.map { "by \($0) " } ?? "")after step \(run.trainer.step) of "
          + "\(setup.rate.totalSteps), with a checkpoint", remedy: "run it again to continue")
    }
    report(end, run, setup, monitor)
  }
}

extension DPTrain {
  /// Trains with a progress line, whose terms come from `monitor`.
  private func train(
    _ run: TrainingRun, _ setup: RunSetup, _ monitor: inout TrainingMonitor
  ) throws -> TrainingEnd {
    var watch = monitor, toldOfShortage = false
    let end = try run.run(
      log: try eventLog(run, setup),
      progress: { [console] report in
        watch.add(report)
        if !toldOfShortage && run.trainer.shortage.isGrave {
          toldOfShortage = true
          console.warn("steps wait for their batches: \(run.trainer.shortage.text) so far")
        }
        console.progress("step", report.step, of: setup.rate.totalSteps, terms: watch.terms(report))
      },
      shouldStop: { step in StopRequest.signal != nil || step >= until ?? .max })
    console.endProgress()
    monitor = watch
    let shortage = run.trainer.shortage
    if toldOfShortage { console.warn("in all, \(shortage.text)") }
    return end
  }

  /// The log for TensorBoard, which the first rank writes; nil if it is not asked for.
  private func eventLog(_ run: TrainingRun, _ setup: RunSetup) throws -> EventLog? {
    guard let options = setup.inputs.first.tensorBoard, communicator.isFirst else { return nil }
    return try EventLog(
      in: (output as NSString).appendingPathComponent(options.folder), columns: run.trainer.columns,
      hasTasks: setup.hasTasks, hasValidation: run.trainer.hasValidation,
      frequency: options.frequency, after: run.firstStep)
  }

  /// Writes the time of the exchanges between ranks.
  private func sayCommunication(_ run: TrainingRun) {
    let steps = run.trainer.step - run.firstStep
    if communicator.size == 1 || steps == 0 { return }
    console.detail(
      String(
        format: "communication:   %.3f ms and %.0f bytes a step, waiting included",
        1000 * communicator.seconds / Double(steps),
        Double(communicator.bytesSent) / Double(steps)))
  }

  /// Writes how the training ended, and which model is the best.
  private func report(
    _ end: TrainingEnd, _ run: TrainingRun, _ setup: RunSetup, _ monitor: TrainingMonitor
  ) {
    if end == .outOfPatience, let patience {
      console.say(
        "\(run.lastCheckpoint): ended after step \(run.trainer.step) of \(setup.rate.totalSteps), "
          + "since \(patience) validations brought no better "
          + (setup.inputs.first.validating?.metric.name ?? "")
      )
    } else {
      console.say("\(run.lastCheckpoint): trained, \(counted(setup.rate.totalSteps, "step"))")
    }
    if let table = monitor.table {
      if run.trainer.step > run.firstStep { console.say("it took \(monitor.time)") }
      console.say(table)
    }
    if let best = run.best { console.say("\(best.path): the best, \(best.metric)") }
  }

  /// The values that decide the result; interruptions of the run are not among them.
  private func provenance(_ setup: RunSetup) -> [String: String] {
    var provenance = Provenance(tool: Self.name, arguments: [input])
    if let steps { provenance.record("steps", steps) }
    if let seed { provenance.record("seed", seed) }
    for name in setup.digests.keys.sorted() {
      provenance.recordInput(name, sha256: setup.digests[name] ?? "")
    }
    return provenance.attributes
  }

  private func result(
    _ run: TrainingRun, _ end: TrainingEnd, _ setup: RunSetup
  ) -> JSONValue {
    let changes = setup.tasks.map { $0.biasChange?.json ?? .null }
    let bias =
      setup.hasTasks
      ? JSONValue.object(Dictionary(uniqueKeysWithValues: zip(setup.inputs.names, changes)))
      : changes[0]
    return .object([
      "complete": .bool(end == .complete), "out_of_patience": .bool(end == .outOfPatience),
      "step": .integer(run.trainer.step), "checkpoint": .string(run.lastCheckpoint),
      "best": run.best.map { .string($0.path) } ?? .null,
      "energy_bias": run.firstStep == 0 ? bias : .null,
    ])
  }
}
