import Configuration
import Diagnostics
import Training

/// Throws if a term of the loss has a weight but its label is nowhere in the training data, and if
/// a label has the wrong width.
///
/// DeePMD-kit would print nan for such a term and continue without it.
func checkLabels(
  of systems: [LabeledSystem], validation: [LabeledSystem], for input: TrainingInput
) throws {
  let problems = ConfigurationProblems(place: input.place)
  for need in input.loss.needs(of: input.model.output) {
    for label in need.labels where !systems.contains(where: { $0.has(label) }) {
      problems.add(missing: label, need, otherName(of: label, in: systems))
    }
  }
  if let metric = input.validating?.metric,
    !validation.contains(where: { metric.isDefined(for: $0) })
  {
    problems.add(
      "validating/validation_metric",
      "is \(metric.name), but no validation system has \(metric.family.label).npy"
        + (metric.family.label == "virial" ? " and cells" : ""),
      remedy: "choose another metric, or add the data")
  }
  try problems.throwIfAny()
  guard let loss = input.loss.energy, loss.activeTerms.contains(.generalizedForce) else { return }
  let width = 3 * loss.generalizedCoordinates
  let wrong = (systems + validation).compactMap { system -> ToolError? in
    guard let count = system.source.labelWidths["drdq"] else { return nil }
    let found = count / system.atomCount
    guard found != width else { return nil }
    return ToolError(
      .data, at: system.place,
      "drdq has \(counted(found, "number")) per atom, expected \(width) for numb_generalized_coord "
        + "\(loss.generalizedCoordinates)")
  }
  if !wrong.isEmpty { throw ToolErrors(wrong) }
}

extension ConfigurationProblems {
  /// Records that a term of the loss finds no `label`; `other` is what may be the label.
  fileprivate func add(
    missing label: String, _ need: LossNeed, _ other: (label: String, name: String)?
  ) {
    let other =
      (
        other.map {
          "give training_data \"labels\": {\"\($0.label)\": \"\($0.name)\"}; or "
        } ?? "", other.map { "; there is \($0.name) instead" } ?? ""
      )
    let names = need.keys.joined(separator: " and ")
    let isFree = need.keys != ["type"]
    add(
      "loss/\(need.keys[0])",
      "the loss has a term that needs \(label), but no training system has \(label).npy\(other.1)",
      remedy: other.0 + (isFree ? "set \(names) to 0, or add the data" : "add the data"))
  }
}

/// An array of the data that may be `label` under another name, and the label that it then is; for
/// a virial that may be a stress.
private func otherName(
  of label: String, in systems: [LabeledSystem]
) -> (label: String, name: String)? {
  for candidate in label == "virial" ? ["virial", "stress"] : [label] {
    for system in systems {
      if let name = system.source.notes.otherNames[candidate]?.first { return (candidate, name) }
    }
  }
  return nil
}

extension ValidationMetric {
  /// Whether the metric is defined for frames of `system`.
  fileprivate func isDefined(for system: LabeledSystem) -> Bool {
    system.has(family.label) && (family.label != "virial" || system.isPeriodic)
  }
}
