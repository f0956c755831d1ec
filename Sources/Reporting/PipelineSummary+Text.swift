import Diagnostics
import Files
import Foundation

extension PipelineSummary {
  /// The summary as text; improvements and deteriorations are colored if `colored`.
  ///
  /// `system` is the pipeline's name, `tools` the text to type before a tool's name in the commands
  /// that may come next.
  public func text(system: String, tools: String, colored: Bool) -> String {
    "\n" + model + "\n" + table(colored) + advice(tools) + next(system, tools)
  }

  private var model: String {
    var lines = ["Model: \(folder)/model.h5"]
    if let steps, steps > 0, let seconds {
      let time = String(format: "%d:%02d", Int(seconds) / 60, Int(seconds) % 60)
      let rate = speed.map { String(format: ", %.3g frames/s", $0) } ?? ""
      lines.append("  \(counted(steps, "step")) in \(time)\(rate)")
    }
    lines += best.map { "  the best by full validation: \($0)" }
    return lines.joined(separator: "\n") + "\n"
  }

  private func table(_ colored: Bool) -> String {
    let columns = validation == nil ? "training" : "training   validation"
    var text = "Root mean square errors   \(columns)   (\((validation ?? training).what))\n"
    var rows = Quantity.energies.compactMap { row($0.keys.table, $0.line, colored) }
    if rows.isEmpty {  // of a model that gives something else than energies
      rows = training.names.compactMap { row($0, ($0, 1, ""), colored) }
    }
    text += rows.isEmpty ? "  no labels\n" : rows.joined()
    return text + (validationNote.map { "  \($0)\n" } ?? "")
  }

  /// The line for the errors that the table has under `key`; nil if it has none.
  private func row(
    _ key: String, _ line: (label: String, scale: Double, unit: String), _ colored: Bool
  ) -> String? {
    let trained = training.errors[key], present = validation?.errors[key]
    if trained == nil && present == nil { return nil }
    let (label, scale, unit) = line
    func shown(_ error: Double?) -> String { error.map { digits(scale * $0) } ?? "-" }
    var text = "  " + label.padding(toLength: max(22, label.count), withPad: " ", startingAt: 0)
    text += " " + leading(shown(trained), 9)
    if validation != nil { text += " " + leading(shown(present), 12) }
    if !unit.isEmpty { text += " \(unit)" }
    if let present, let before = earlier?.errors[key] {
      let note = "  (was \(shown(before)))"
      // Green for better, yellow for worse.
      let color = present < before ? 32 : 33
      text += colored && present != before ? "\u{1B}[\(color)m\(note)\u{1B}[0m" : note
    }
    return text + "\n"
  }

  /// The advice for energies that are off by a constant for each element, if dp-eval has found
  /// that.
  private func advice(_ tools: String) -> String {
    guard let offset = training.offset else { return "" }
    return """
      \(offset)
          \(tools)dp-freeze \(folder)/model.h5 --change-bias \(folder)/training.h5 \
      -o \(folder)/shifted.h5

      """
  }

  private func next(_ system: String, _ tools: String) -> String {
    let what = "SYSTEM=\(system)" + (folder == "build/\(system)" ? "" : " WORK=\(folder)")
    let more = steps.flatMap { $0 >= 10_000 ? 2 * $0 : nil } ?? 20_000
    let patience = isValidated ? " PATIENCE=5" : ""
    let end = isValidated ? "; end when 5 validations brought none" : ""
    return """

      Next:
        make eval \(what)
            all errors of training and validation data, system by system
        make report \(what)
            a page with curves, errors and where they come from: \(folder)/report.html
        make train \(what) STEPS=\(more)\(patience)
            train longer, for a better model\(end)
        \(tools)dp-eval \(folder)/model.h5 DATA
            errors on data of your own
        \(tools)dp-freeze --info \(folder)/model.h5
            what is in the model

      """
  }
}

extension PipelineSummary {
  /// The summary as JSON: errors in dp-eval's units under its names, seconds, and frames per
  /// second.
  public var json: JSONValue {
    func errors(_ table: ErrorTable?) -> JSONValue {
      table.map { .object($0.errors.mapValues(JSONValue.number)) } ?? .null
    }
    return .object([
      "model": .string("\(folder)/model.h5"), "best": .strings(best),
      "steps": steps.map(JSONValue.integer) ?? .null,
      "seconds": seconds.map(JSONValue.number) ?? .null,
      "frames_per_second": speed.map(JSONValue.number) ?? .null,
      "rmse": [
        "training": errors(training), "validation": errors(validation),
        "validation_before": errors(earlier),
      ],
    ])
  }
}

extension Quantity {
  /// The label of the quantity in the summary, the factor from dp-eval's unit to the unit of the
  /// summary, and this unit.
  fileprivate var line: (label: String, scale: Double, unit: String) {
    keys.json == Quantity.force.keys.json
      ? ("force", 1, "eV/Å ") : ("\(name.lowercased()) per atom", 1000, "meV  ")
  }
}

/// Three digits, without an exponent.
private func digits(_ value: Double) -> String {
  String(format: "%.\(threeDigits(value))f", max(value, 0))
}

/// `text` with blanks before it, so that it is `width` long.
private func leading(_ text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}
