import ArgumentParser
import Atoms
import Communication
import Configuration
import Datasets
import DeepPotential
import Diagnostics
import Files
import MPI
import Runs
import Toolkit
import Training

@main struct DPStat: Tool {
  static let configuration = CommandConfiguration.tool(
    "dp-stat",
    abstract: "Compute the statistics that training needs, and report what looks odd in the data.",
    usage: """
      dp-stat <input.json> [<data> ...] [-o <stat.h5>]
      dp-stat --settings <input.json>
      """,
    discussion: """
      Normalizations (davg, dstd), the energy bias, neighbor counts and the neighbor slots (sel) as
      DeePMD-kit computes them.  The data default to training.training_data.systems of the input.
      Without -o only the report is printed.

      EXAMPLES
        dp-stat input.json training.h5 -o stat.h5   statistics of one dataset
        dp-stat input.json -o stat.h5               of the data that the input names
        dp-stat input.json raw/ --json              the report for programs
        dp-stat --settings input.json               the settings that statistics depend on
        dp-stat tasks.json                          the report on the data of several tasks
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var cache: CacheOption
  @Argument(help: "Input file of the training (JSON).") var input: String
  @Argument(help: "Data to use instead of the systems that the input names.") var data: [String] =
    []
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Statistics file to write (HDF5).", valueName: "stat.h5"))
  var output: String?
  @Flag(help: "Only print the settings that statistics depend on, as JSON.") var settings = false

  static func join() throws -> (any Transport)? { try joinMPI() }

  func validate() throws {
    if settings && (output != nil || !data.isEmpty) {
      throw ValidationError("'--settings' takes the input file alone.")
    }
    if let output, ([input] + data).contains(output) {
      throw ValidationError("'\(output)' is both input and output.")
    }
  }

  func execute() throws {
    if let tasks = try TaskInputs.ofSeveral(at: input) { return try report(on: tasks) }
    let configuration = try TrainingInput(contentsOf: input, data: data)
    let request = configuration.statisticsRequest
    if settings { return try console.output(json: StatisticsInputs.settings(request)) }
    let (found, counts, systems) = try report(on: configuration)
    if let output, communicator.isFirst {
      try write(found.statistics, counts, of: systems, for: request, to: output)
    }
    if common.json { try console.output(json: found.json) }
    if let output { console.say("\(output): statistics of \(counted(systems.count, "system"))") }
  }
}

extension DPStat {
  /// What is found in data, for programs.
  private struct Found {
    let statistics: ModelStatistics
    let json: JSONValue
  }

  /// Reports on the data of `configuration`, as text unless JSON is wanted.
  private func report(
    on configuration: TrainingInput
  ) throws -> (found: Found, counts: DataCounts, systems: [OpenSystem]) {
    let request = configuration.statisticsRequest
    let paths = data.isEmpty ? configuration.trainingData.systems : data
    var dataCache = DataCache(limit: cache.bytes)
    let systems = try openSystems(
      at: paths, cache: &dataCache, configuration.trainingData.reading)
    if let warning = dataCache.warning { console.warn(warning) }
    let labeled = try request.labeled(systems)
    let descriptor = request.options.descriptor
    let report = try surveyData(
      labeled, typeMap: request.options.typeMap, cutoffs: descriptor.cutoffs,
      threads: common.threads, communicator: communicator)
    if !common.json && !common.quiet {
      try console.output(
        report.text(cutoff: descriptor.outerCutoff, showingAll: common.verbose))
    }
    let statistics = try gatherStatistics(
      request, of: labeled, report, threads: common.threads, communicator: communicator)
    if !common.json && !common.quiet {
      try console.output(statistics.text(for: request.options))
    }
    let json: JSONValue = ["data": report.json, "statistics": statistics.json]
    return (Found(statistics: statistics, json: json), report.counts, systems)
  }

  /// Reports on the data of each of several tasks, whose training computes its statistics itself.
  private func report(on tasks: TaskInputs) throws {
    guard output == nil, !settings, data.isEmpty else {
      throw ToolError(
        .usage, at: input, "has several tasks, for which dp-stat only reports on the data",
        remedy: "give the input alone; dp-train computes the statistics of all tasks")
    }
    var members: [String: JSONValue] = [:]
    for (name, task) in zip(tasks.names, tasks.tasks) {
      if !common.json && !common.quiet { try console.output("Task \(name)\n") }
      members[name] = try report(on: task).found.json
    }
    if common.json { try console.output(json: JSONValue.object(members)) }
  }
}

extension DPStat {
  /// Writes the statistics file.  It records settings and data but not input.json as a whole, so
  /// that another number of steps changes nothing.
  private func write(
    _ statistics: ModelStatistics, _ counts: DataCounts, of systems: [OpenSystem],
    for request: StatisticsRequest, to output: String
  ) throws {
    try writeStatistics(
      statistics, for: try StatisticsInputs(request, systems: systems), counts: counts, to: output,
      provenance: Provenance(tool: Self.name).attributes)
  }
}
