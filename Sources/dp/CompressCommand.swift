import ArgumentParser
import Datasets
import DeepPotential
import Diagnostics
import Files
import ForeignModels
import Foundation
import Models
import Toolkit

/// `dp compress`: measures the error of the embedding tables, which this program builds whenever it
/// can, and copies the model.
struct CompressCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "compress",
    abstract: "Check the tables that are built for a model, and copy it.")

  @ParentCommand var dp: DP
  @OptionGroup var log: LogOptions
  @Option(name: .shortAndLong, help: "Model, or the beginning of its name.")
  var input = "frozen_model"
  @Option(name: .shortAndLong, help: "Model to write.") var output = "frozen_model_compressed"
  @Option(name: .shortAndLong, help: "Ignored: the spacing follows from the error.")
  var step: String?
  @Option(name: .shortAndLong, help: "Ignored: tables reach as far as distances do.")
  var extrapolate: String?
  @Option(name: .shortAndLong, parsing: .unconditional, help: "Ignored.") var frequency: String?
  @Option(name: .shortAndLong, help: "Ignored.") var checkpointFolder: String?
  @Option(name: [.customShort("t"), .long], help: "Ignored.") var trainingScript: String?
  @Option(
    name: [.customShort("m"), .long], help: ArgumentHelp("Ignored.", valueName: "manner"))
  var mpiLog: String?
  @OptionGroup var head: HeadOption

  /// The limits in eV per atom and eV/Å; above them a table would be wrong and not only rounded.
  private static let limits = (double: 1e-8, single: 1e-3)

  func execute() throws {
    sayIgnored()
    if step != nil || extrapolate != nil || frequency != nil {
      note("the spacing of tables follows from their error, and they reach as far as needed")
    }
    let source = try modelPath(input, dp.usedBackend)
    let stored = try readStoredModel(at: source, head.choice, warn: console.warn).stored
    let model = stored.model
    guard let bytes = FileManager.default.contents(atPath: source) else {
      throw ToolError(.missingInput, at: source, "is a folder; a model file is needed")
    }
    let use = model.tableUse(by: Evaluator(threads: common.threads))
    if use == .built { try checkTables(of: model, at: source) }
    let target = outputPath(output, dp.usedBackend)
    try stored.requireLayout(of: target)
    if ForeignModel.isHDF5(bytes), !StoredModel.isYAML(target) {
      try writeWhole(Array(bytes), to: target)
    } else {
      try stored.write(to: target)
    }
    console.say("\(target): a copy of the model; \(text(of: use))")
  }

  private func text(of use: TableUse) -> String {
    switch use {
    case .built: "tables are built for it wherever it is used"
    case .given: "it is compressed already: its own tables are used"
    case .none(let reason): "it is used without tables: \(reason)"
    }
  }

  /// Prints how much tables change, and throws if it is too much.
  private func checkTables(of model: EnergyModel, at source: String) throws {
    let error = TableError(of: model, threads: common.threads)
    if common.json {
      try console.output(
        json: JSONValue.object([
          "energy_per_atom": .number(error.atomValue), "force": .number(error.force),
        ]))
    } else {
      try console.output(
        "\(source): tables change energies by \(short(error.atomValue)) eV/atom and forces by "
          + "\(short(error.force)) eV/Å at most\n")
    }
    let limit =
      model.fitting.options.precision == .float64 ? Self.limits.double : Self.limits.single
    guard max(error.atomValue, error.force) <= limit else {
      throw ToolError(
        .gate, at: source, "tables change energies or forces by more than \(short(limit))",
        remedy: "this is a bug of ours; please report it with the model")
    }
  }

  private func short(_ value: Double) -> String { String(format: "%.1e", value) }
}
