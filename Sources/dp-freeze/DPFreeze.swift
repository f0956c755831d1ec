import ArgumentParser
import DeepPotential
import Diagnostics
import Files
import ForeignModels
import Foundation
import Models
import Runs
import Toolkit

@main struct DPFreeze: Tool {
  static let configuration = CommandConfiguration.tool(
    "dp-freeze",
    abstract: "Write a model, of a training or of DeePMD-kit's files, as .dp or YAML.",
    usage: """
      dp-freeze <run or checkpoint> --output <model>
      dp-freeze <run, checkpoint or model> --output <model> --change-bias <data> ...
      dp-freeze --info <run, checkpoint or model>
      """,
    discussion: """
      Of a run folder the newest checkpoint that is whole is taken.  Models of DeePMD-kit are
      read from all its files: .dp, .pb, .pth, .pt, .pt2 and .yaml; --output writes the layout of
      .dp, or YAML if it ends in .yaml.  With --change-bias the energy bias is fitted to other
      data, as 'dp change-bias' does; errors before and after are printed.

      EXAMPLES
        dp-freeze run/ -o model.h5                        the newest state of a training
        dp-freeze run/model.ckpt-1000.h5 -o model.h5      the state after 1000 steps
        dp-freeze graph.pb -o model.h5                    a model that you already have
        dp-freeze --info model.h5                         what is in a model
        dp-freeze run/ --head water -o water.h5           the model of one of several tasks
        dp-freeze --change-bias new.h5 model.h5 -o m.h5   the bias that fits new data
        dp-freeze model.h5 --precision float32 --check data.h5 -o fast.h5
                                                          faster dynamics, checked
        cp model.h5 m.dp; dp convert-backend m.dp m.pth   for programs that use DeePMD-kit
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: "A run folder, a checkpoint or a model.") var source: String
  @Option(name: .shortAndLong, help: "Model file to write.") var output: String?
  @Flag(help: "Print what is in the model, write nothing.") var info = false
  @OptionGroup var branch: BranchOptions
  @OptionGroup(title: "ENERGY BIAS") var bias: BiasOptions
  @OptionGroup(title: "PRECISION") var precision: PrecisionOptions

  func validate() throws {
    if info == (output != nil) {
      throw ValidationError("Give either '--output <model>' or '--info'.")
    }
    if info && bias.isWanted {
      throw ValidationError("'--info' writes nothing, so the energy bias cannot be changed.")
    }
    if info && precision.isWanted {
      throw ValidationError("'--info' writes nothing, so the precision cannot be changed.")
    }
    if bias.isWanted && precision.isWanted {
      throw ValidationError("Change the energy bias first, then the precision.")
    }
    if let output, resolved(output) == resolved(source) {
      throw ValidationError("'\(output)' is both input and output.")
    }
  }

  func execute() throws {
    if info && branch.modelBranch == nil {
      let heads = try modelBranches(at: source)
      if heads.count > 1 { return try tell(of: heads) }
    }
    var (model, step, path) = try read()
    var provenance = Provenance(tool: Self.name)
    provenance.recordInput(path, sha256: try Digest.sha256(fileAt: path))
    if let output, CalledAs.command == nil { warnOfName(output) }
    let (change, data) = bias.isWanted ? try changeBias(of: &model) : (nil, nil)
    if let data { provenance.record("bias_data_sha256", data) }
    let rounding = try changePrecision(of: &model, recordingIn: &provenance)
    if let output {
      try model.requireLayout(of: output)
      try frozen(model, provenance).write(to: output)
      console.say(
        "\(output): \(step.map { "the model after \(counted($0, "step"))" } ?? "the model")")
    }
    if let change {
      if common.json {
        try console.output(json: change.json)
      } else {
        try console.output(change.text)
      }
    } else if let rounding {
      if common.json {
        try console.output(json: rounding.json)
      } else {
        try console.output(rounding.text)
      }
    } else if info || common.json {
      let tables = model.model.tableUse(by: Evaluator(threads: common.threads))
      let summary = ModelSummary(model, step: step, tables: tables)
      if common.json {
        try console.output(json: summary)
      } else {
        try console.output(summary.text)
      }
    }
  }

  /// The model in `source`, its number of steps if it is a checkpoint, and the path of the file.
  private func read() throws -> (model: StoredModel, step: Int?, path: String) {
    let exists = FileManager.default.fileExists(atPath: source)
    let choice = ModelChoice(branch: branch.modelBranch, isAveraged: branch.ema)
    guard isFolder(source) || (!exists && source.hasSuffix("/")) else {
      let (stored, checkpoint) = try Checkpoint.readModel(at: source, choice)
      return (stored, checkpoint?.state.step, source)
    }
    let (checkpoint, path) = try RunFolder(source).newest {
      console.warn("\($0.place) \($0.problem); trying an older checkpoint")
    }
    return (try checkpoint.chosen(choice, at: path).stored, checkpoint.state.step, path)
  }

  /// Prints what the models of all tasks are.
  private func tell(of heads: [String]) throws {
    let summaries = try heads.map { head -> ModelSummary in
      var one = self
      one.branch.modelBranch = head
      let (model, step, _) = try one.read()
      let tables = model.model.tableUse(by: Evaluator(threads: common.threads))
      return ModelSummary(model, step: step, tables: tables)
    }
    if common.json {
      return try console.output(
        json: Dictionary(uniqueKeysWithValues: zip(heads, summaries)))
    }
    let list =
      "\(counted(heads.count, "head")), one for each task: \(heads.joined(separator: ", "))\n"
    try console.output(
      list + zip(heads, summaries).map { "\nHead \($0)\n\($1.text)" }.joined())
  }

  /// `model` with the provenance of this tool; the provenance of the training moves to attributes
  /// whose names begin with `source.`
  private func frozen(_ model: StoredModel, _ provenance: Provenance) -> StoredModel {
    var provenance = provenance
    for (name, value) in model.provenance { provenance.record("source.\(name)", value) }
    var model = model
    model.provenance = provenance.attributes
    return model
  }

  /// Warns of a name that promises what this program does not write.
  private func warnOfName(_ path: String) {
    guard let ending = [".pb", ".pth", ".pt", ".pt2"].first(where: path.hasSuffix) else { return }
    console.warn(
      "\(path): has the layout of .dp in spite of its name; DeePMD-kit makes a \(ending) of a .dp: "
        + "dp convert-backend")
  }

  private func resolved(_ path: String) -> String {
    URL(filePath: path).standardizedFileURL.resolvingSymlinksInPath().path
  }
}
