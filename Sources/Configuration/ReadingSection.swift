import Datasets
import Diagnostics
import Files
import Training

/// Reads `labels` and `units` of `training_data` or `validation_data`, which are keys of this
/// program alone, and records their errors.
func readReading(_ section: ConfigurationSection) -> ReadingOptions {
  var options = ReadingOptions()
  func read(_ name: String, _ example: String, _ take: ([String: String]) throws -> Void) {
    guard let texts = section.optional(name, .texts(example)) else { return }
    do {
      try take(texts)
    } catch let error as ToolError {
      section.report(name, error.problem, remedy: error.remedy)
    } catch {
      section.report(name, "\(error)")
    }
  }
  read("labels", "{\"energy\": \"REF_energy\"}") {
    options.labels = try LabelNames($0, place: "labels")
  }
  read("units", "{\"energy\": \"hartree\"}") { options.units = try DataUnits($0, place: "units") }
  return options
}

extension ValueKind<[String: String]> {
  /// An object of texts, such as `example`.
  fileprivate static func texts(_ example: String) -> ValueKind {
    ValueKind(name: "an object of texts such as \(example)") {
      guard case .object(let members) = $0 else { return nil }
      var texts: [String: String] = [:]
      for (name, value) in members where !name.hasPrefix("_") {
        guard case .string(let text) = value else { return nil }
        texts[name] = text
      }
      return texts
    }
  }
}

extension ModelSection {
  /// The labels that a training with `loss` reads: the labels in the loss and in the validation,
  /// and the model's frame and atom parameters.
  ///
  /// The label of the model's output is always among them, because the bias is fitted to it.
  func neededLabels(
    _ loss: LossOptions, _ validating: ValidatingOptions?
  ) -> Set<String> {
    let output = options?.output ?? .energy
    var needed: Set = ["numb_copy"]
    if output.isReduced { needed.insert(output.name) }
    if output.perAtom { needed.insert(output.atomName) }
    for need in loss.needs(of: output) { needed.formUnion(need.labels + [need.label]) }
    if let metric = validating?.metric { needed.insert(metric.family.label) }
    switch loss {
    case .energy(let energy):
      if energy.activeTerms.contains(.atomEnergy) { needed.insert("atom_ener_coeff") }
    case .values(let values):
      if values.weightsAtoms { needed.formUnion(output.atomWeightName.map { [$0] } ?? []) }
    case .property, .denoising: break
    }
    if options?.inputs.frameParameters ?? 0 > 0 { needed.insert("fparam") }
    if options?.inputs.atomParameters ?? 0 > 0 { needed.insert("aparam") }
    return needed
  }
}
