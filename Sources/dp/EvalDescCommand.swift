import ArgumentParser
import Datasets
import DeepPotential
import Diagnostics
import Files
import Foundation
import Models
import Toolkit
import Training

/// `dp eval-desc`: the descriptor of each atom.
///
/// Source: DeePMD-kit's `deepmd/entrypoints/eval_desc.py` for names and shapes of the files.
struct EvalDescCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "eval-desc",
    abstract: "Write the descriptors of all atoms, <output>/<system>.npy.",
    discussion: "An array is [frames][atoms][width], atoms in the order of the data.")

  /// The number format of the arrays; a model gives float64.
  enum Format: String, CaseIterable, ExpressibleByArgument { case fp32, fp64, native }

  @ParentCommand var dp: DP
  @OptionGroup var log: LogOptions
  @Option(name: .shortAndLong, help: "Model, or the beginning of its name.")
  var model = "frozen_model"
  @OptionGroup var data: SystemOptions
  @Option(name: .shortAndLong, help: ArgumentHelp("Folder to write.", valueName: "folder"))
  var output = "desc"
  @Option(help: "Numbers of the arrays: fp32, fp64 or native, which is fp64.")
  var dtype = Format.native
  @OptionGroup var head: HeadOption

  func execute() throws {
    sayIgnored()
    let path = try modelPath(model, dp.usedBackend)
    let model = try readModel(at: path, head.choice, warn: console.warn)
    var cache = DataCache(limit: 0)
    let systems = try openSystems(at: data.systems(), cache: &cache)
    let files = try Self.files(for: systems.map(\.place), in: output)
    let labeled = try collectingErrors(systems) {
      try LabeledSystem($0, for: model.options, sortingAtoms: false)
    }
    // Without tables of the nets, the numbers equal DeePMD-kit's up to rounding.
    let evaluator = Evaluator(threads: common.threads, tabulates: false, mostKept: 0)
    for (system, file) in zip(labeled, files) {
      let array = try descriptors(of: system, model, evaluator)
      try makeFolder(output)
      try writeWhole(encodeNPY(array, isSingle: dtype == .fp32), to: file)
      let shape = array.shape.map(String.init).joined(separator: ", ")
      console.say("DEEPMD INFO    # descriptors saved to \(file)")
      console.say("DEEPMD INFO    # descriptor shape: (\(shape))")
    }
    if common.json { try console.output(json: JSONValue.object(["files": .strings(files)])) }
  }

  private func descriptors(
    of system: LabeledSystem, _ model: EnergyModel, _ evaluator: Evaluator
  ) throws -> NumericArray {
    var values: [Double] = [], truncated = 0
    for index in 0..<system.frameCount {
      let frame = try system.frame(index).frame
      values += evaluator.descriptors(of: frame, with: model)
      try evaluator.requireReach(of: model, in: frame, at: "\(system.place), frame \(index)")
      truncated += evaluator.truncatedCenters
    }
    if truncated > 0 {
      console.warn(
        "\(system.place): \(truncated) times an atom has more neighbors than the model has slots "
          + "(sel); the farthest are left out")
    }
    return NumericArray(
      shape: [system.frameCount, system.atomCount, model.descriptor.outputs], values: values)
  }

  /// The file for each system, named by the last part of the system's path.  Throws if two systems
  /// have the same name.
  private static func files(for places: [String], in folder: String) throws -> [String] {
    var owners: [String: String] = [:]
    return try places.map { place in
      let name = place.split { $0 == "/" || $0 == "#" }.last.map(String.init) ?? "system"
      if let other = owners.updateValue(place, forKey: name) {
        throw ToolError(
          .data, at: place, "is called like \(other): both would be \(name).npy",
          remedy: "evaluate them one after the other, into different folders (-o)")
      }
      return (folder as NSString).appendingPathComponent("\(name).npy")
    }
  }
}
