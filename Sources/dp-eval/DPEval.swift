import ArgumentParser
import Atoms
import Communication
import Datasets
import DeepPotential
import Diagnostics
import Files
import ForeignModels
import Logs
import MPI
import Models
import Runs
import Toolkit
import Training

@main struct DPEval: Tool {
  static let configuration = CommandConfiguration.tool(
    "dp-eval",
    abstract: "Compare a model's predictions with labelled data; compare models with each other.",
    usage: """
      dp-eval <model.h5> <data> ... [--detail <prefix>] [--predictions <out.h5>]
      dp-eval <model.h5> <data> ... --models <model.h5> ... [--deviation <file>]
      """,
    discussion: """
      Prints mean absolute and root mean square errors per system and overall, as 'dp test' defines
      them.  A model is a model file, ours or DeePMD-kit's (.dp, .pb, .pth, .pt, .pt2, .yaml), a
      checkpoint, or a run folder.
      With more models their deviation is printed instead, in the columns of 'dp model-devi'; with
      --deviation it goes to a file, and the errors of the first model are printed as usual.

      EXAMPLES
        dp-eval model.h5 data.h5                      errors, system by system
        dp-eval model.h5 data.h5 --detail d           labels and predictions in d.e.out, d.f.out, ...
        dp-eval model.h5 data.h5 --predictions p.h5   predictions as a dataset
        dp-eval a.h5 data.h5 --models b.h5 c.h5       deviation of three models
        dp-eval run/ data.h5 --head water             the model of one of several tasks
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var cache: CacheOption
  @OptionGroup var branch: BranchOptions
  @Argument(help: "Model, checkpoint or run folder.") var model: String
  @Argument(help: "Data: HDF5 files, groups in them, folders, extended XYZ.") var data: [String]
  @Option(
    name: [.customShort("n"), .long],
    help: ArgumentHelp("Evaluate the first n frames of each system (0: all).", valueName: "n"))
  var frames = 0
  @Option(
    help: ArgumentHelp("Write labels and predictions to <prefix>.e.out, ...", valueName: "prefix"))
  var detail: String?
  @Option(help: ArgumentHelp("Write predictions as a dataset.", valueName: "out.h5"))
  var predictions: String?
  @OptionGroup(title: "DEVIATION OF MODELS") var comparison: ComparisonOptions

  static func join() throws -> (any Transport)? { try joinMPI() }

  func validate() throws {
    if data.isEmpty { throw ValidationError("no data given: what is '\(model)' to be tried on?") }
    if frames < 0 { throw ValidationError("'-n \(frames)': give 0 or more frames.") }
    for output in [predictions, comparison.deviation].compactMap(\.self)
    where ([model] + data + comparison.models).contains(output) {
      throw ValidationError("'\(output)' is both input and output.")
    }
  }

  func execute() throws {
    let models = try readModels(
      at: [model] + comparison.models,
      ModelChoice(branch: branch.modelBranch, isAveraged: branch.ema), warn: console.warn)
    for (one, path) in zip(models, [model] + comparison.models) {
      try one.requireValues(at: path)
    }
    if comparison.isWanted {
      try models[0].requireForces(for: "a deviation of models", at: model)
    }
    var dataCache = DataCache(limit: cache.bytes)
    let systems = try openSystems(at: data, cache: &dataCache)
    if let warning = dataCache.warning { console.warn(warning) }
    var evaluation = Evaluation(models, options)
    try evaluation.run(systems, threads: common.threads, communicator: communicator) {
      console.progress("frame", $0, of: $1)
    }
    guard communicator.isFirst else { return }
    if let detail {
      for (suffix, content) in evaluation.details.files {
        try writeWhole(content, to: detail + suffix)
      }
    }
    if let predictions {
      var provenance = Provenance(tool: Self.name)
      provenance.record("data_sha256", try contentDigest(of: systems))
      if let types = models[0].options.comparedTypes {
        let names = JSONValue.strings(types.map { models[0].typeMap[$0] })
        provenance.record(PredictedSystem.comparedTypes, names.serialized)
      }
      try writeSystems(
        evaluation.predicted, toHDF5: predictions, provenance: provenance.attributes)
    }
    if let deviation = comparison.deviation {
      try writeWhole(evaluation.deviation.content, to: deviation)
    }
    try report(evaluation, of: models[0])
  }

  private var options: EvaluationOptions {
    var options = EvaluationOptions()
    options.frameLimit = frames
    (options.wantsDetails, options.wantsPredictions) = (detail != nil, predictions != nil)
    (options.deviation, options.keepsDeviations) = (comparison.deviationOptions, common.json)
    return options
  }

  private func report(_ evaluation: Evaluation, of first: EnergyModel) throws {
    for system in evaluation.systems where system.truncatedCenters > 0 {
      console.warn(
        "\(system.place): \(counted(system.truncatedCenters, "time")) an atom has more neighbors than the "
          + "model has slots (sel); the farthest are left out")
    }
    if common.json {
      try console.output(
        json: EvaluatedSystem.json(
          evaluation.systems, typeMap: first.typeMap,
          offset: evaluation.offsets.mostlyConstant?.json(
            model: model, head: branch.modelBranch, data: data)))
    } else if comparison.isWanted && comparison.deviation == nil {
      try console.output(String(decoding: evaluation.deviation.content, as: UTF8.self))
    } else {
      try console.output(
        EvaluatedSystem.text(evaluation.systems, showingAll: common.verbose)
          + (evaluation.offsets.mostlyConstant?.text(
            model: model, head: branch.modelBranch, data: data) ?? ""))
    }
  }
}
