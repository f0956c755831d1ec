import ArgumentParser
import Datasets
import Files
import ForeignModels
import Foundation
import Models
import Toolkit

/// `dp show`: the properties of a model, in the words of DeePMD-kit's log and on standard error, as
/// in DeePMD-kit.
struct ShowCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show what is in a model (dp-freeze --info).")

  /// A property that can be asked for.
  enum Part: String, CaseIterable, ExpressibleByArgument {
    case modelBranch = "model-branch"
    case typeMap = "type-map"
    case descriptor
    case fittingNet = "fitting-net"
    case size
    case observedType = "observed-type"
    case serializationTree = "serialization-tree"
  }

  @ParentCommand var dp: DP
  @OptionGroup var log: LogOptions
  @Argument(help: "Model or checkpoint.") var input: String
  @Argument(help: "What is wanted; without any a summary, on standard output.") var parts: [Part] =
    []

  func execute() throws {
    sayIgnored()
    let path = try modelPath(input, dp.usedBackend)
    if parts.isEmpty || common.json { try become("dp-freeze", ["--info", path]) }
    let branches = try modelBranches(at: path)
    guard branches.isEmpty else { return try show(branches, at: path) }
    let (file, model) = try readStoredModel(at: path, warn: console.warn)
    say("This is a singletask model")
    for part in Part.allCases where parts.contains(part) {
      for line in try lines(part, model, file) { say(line) }
    }
  }

  /// Shows the models of a multi-task checkpoint, part by part.
  private func show(_ branches: [String], at path: String) throws {
    say("This is a multitask model")
    for part in Part.allCases where parts.contains(part) {
      if part == .modelBranch {
        say("Available model branches are \(pythonText(.strings(branches)))")
        continue
      }
      for branch in branches {
        let choice = ModelChoice(branch: branch)
        let model = try readStoredModel(at: path, choice, warn: console.warn).stored
        for line in try lines(part, model, path, choice) { say(line) }
      }
    }
  }

  private func say(_ line: String) { console.say("DEEPMD INFO    \(line)") }

  /// Source: DeePMD-kit's `deepmd/entrypoints/show.py`.
  private func lines(
    _ part: Part, _ stored: StoredModel, _ file: String, _ choice: ModelChoice = ModelChoice()
  ) throws -> [String] {
    let summary = ModelSummary(stored), script = stored.script
    let branch = choice.branch.map { " of branch \($0)" } ?? ""
    switch part {
    case .modelBranch: return ["The model has no branches, since it is of a single task"]
    case .typeMap: return ["The type_map\(branch) is \(pythonText(.strings(summary.typeMap)))"]
    case .descriptor:
      return ["The descriptor parameter\(branch) is \(pythonText(script["descriptor"] ?? .null))"]
    case .fittingNet:
      return ["The fitting_net parameter\(branch) is \(pythonText(script["fitting_net"] ?? .null))"]
    case .size:
      let (descriptor, fitting) = (summary.embedding.parameters, summary.fitting.parameters)
      return [
        "Parameter counts\(branch):", "Parameters in descriptor: \(grouped(descriptor))",
        "Parameters in fitting-net: \(grouped(fitting))",
        "Parameters in total: \(grouped(descriptor + fitting))",
      ]
    case .observedType:
      let names = stored.observedTypes
      return [
        "The observed types\(choice.branch == nil ? " for this model" : branch): ",
        "Number of observed types: \(names.count) ",
        "Observed types: \(pythonText(.strings(names))) ",
      ]
    case .serializationTree:
      return ["Model serialization tree\(branch):\n\(try modelTree(at: file, choice))"]
    }
  }

  /// A whole number with commas between thousands.
  private func grouped(_ number: Int) -> String {
    let digits = Array(String(number))
    return digits.indices.map { index in
      let isGroup = index > 0 && (digits.count - index) % 3 == 0
      return (isGroup ? "," : "") + String(digits[index])
    }.joined()
  }
}

/// `value` as Python prints it, with members sorted by name.
private func pythonText(_ value: JSONValue) -> String {
  switch value {
  case .null: "None"
  case .bool(let flag): flag ? "True" : "False"
  case .integer(let number): "\(number)"
  case .number(let number): "\(number)"
  case .string(let text): "'\(text)'"
  case .array(let elements): "[\(elements.map(pythonText).joined(separator: ", "))]"
  case .object(let members):
    "{"
      + members.sorted { $0.key < $1.key }.map { "'\($0)': \(pythonText($1))" }
      .joined(separator: ", ") + "}"
  }
}
