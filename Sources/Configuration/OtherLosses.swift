import DeepPotential
import Files
import Training

/// Reads the `loss` section for models that predict `output`, and records its errors.
func readLoss(_ section: ConfigurationSection, of output: Output) -> LossOptions {
  let type = section.read("type", .text, default: "ener")
  guard type == output.lossType else {
    let known = Set(Output.kinds.map(\.lossType)).sorted()
    section.report(
      "type",
      known.contains(type)
        ? "loss \"\(type)\" does not compare what a fitting net \"\(output.type)\" gives"
        : "loss \"\(type)\" is not supported; \(known.joined(separator: ", ")) are",
      remedy: known.contains(type) || closestName(to: type, among: known) != nil
        ? "write \"\(output.lossType)\"" : nil)
    return .energy(EnergyLossOptions(prefactors: [:]))
  }
  switch output {
  case .energy, .directForces: return .energy(readEnergyLoss(section, of: output.definition))
  case .dipole, .polarizability: return .values(readTensorLoss(section))
  case .densityOfStates: return .values(readDensityLoss(section))
  case .property: return .property(readPropertyLoss(section))
  case .denoising: return .denoising(readDenoisingLoss(section))
  }
}

extension Output {
  /// The only `type` of a loss for models with this output.
  package var lossType: String {
    switch self {
    case .energy, .directForces: "ener"
    case .dipole, .polarizability: "tensor"
    case .densityOfStates: "dos"
    case .property: "property"
    case .denoising: "denoise"
    }
  }
}

private func readTensorLoss(_ section: ConfigurationSection) -> ValueLossOptions {
  func weight(_ name: String) -> EnergyLossOptions.Prefactor {
    let weight =
      section.require(name, .nonNegative, remedy: "write a weight, 0 for none") ?? 0
    return .init(start: weight, limit: weight)
  }
  var options = ValueLossOptions(
    prefactors: [.frames: weight("pref"), .atoms: weight("pref_atomic")])
  options.weightsAtoms = section.read("enable_atomic_weight", .bool, default: false)
  if options.activeTerms.isEmpty && section.has("pref") && section.has("pref_atomic") {
    section.report("pref", "and pref_atomic are 0: the loss has no term")
  }
  section.finish()
  return options
}

private func readDensityLoss(_ section: ConfigurationSection) -> ValueLossOptions {
  var options = ValueLossOptions(prefactors: [:])
  for term in ValueLossTerm.allCases {
    let usual = term == .atoms ? 1.0 : 0, name = term.rawValue
    options.prefactors[term] = .init(
      start: section.read("start_pref_\(name)", .nonNegative, default: usual),
      limit: section.read("limit_pref_\(name)", .nonNegative, default: usual))
  }
  if options.activeTerms.isEmpty {
    section.report(
      "start_pref_ados", "no term of the loss has weight both at the start and at the limit",
      remedy: "give a term start_pref_* and limit_pref_* that are not 0")
  }
  section.finish()
  return options
}

private func readPropertyLoss(_ section: ConfigurationSection) -> PropertyLossOptions {
  typealias Measure = PropertyLossOptions.Measure
  var options = PropertyLossOptions()
  let names = Measure.allCases.map(\.rawValue)
  let measure = section.read(
    "loss_func", .oneOf(names), default: options.measure.rawValue)
  let shown = section.read(
    "metric",
    ValueKind.text.list("a list of metrics").whereIs(
      "a list of \(names.joined(separator: ", "))"
    ) { $0.allSatisfy(names.contains) }, default: options.shown.map(\.rawValue))
  options.measure = Measure(rawValue: measure) ?? options.measure
  options.shown = Set(shown).sorted().compactMap(Measure.init(rawValue:))
  options.beta = section.read("beta", .positive, default: options.beta)
  section.finish()
  return options
}
