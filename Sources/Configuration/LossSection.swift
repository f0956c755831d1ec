import DeepPotential
import Files
import Training

/// Reads the `loss` section of a loss of energies and forces, but for its type, and records its
/// errors.
func readEnergyLoss(
  _ section: ConfigurationSection, of output: OutputDefinition
) -> EnergyLossOptions {
  var options = EnergyLossOptions(prefactors: [:])
  var defaults: [EnergyLossTerm: (start: Double, limit: Double)] = [
    .energy: (0.02, 1), .force: (1000, 1),
  ]
  if !output.isReduced { defaults[.energy] = nil }
  for term in EnergyLossTerm.allCases {
    let name = term.rawValue
    options.prefactors[term] = EnergyLossOptions.Prefactor(
      start: section.read("start_pref_\(name)", .number, default: defaults[term]?.start ?? 0),
      limit: section.read("limit_pref_\(name)", .number, default: defaults[term]?.limit ?? 0))
  }
  section.refuse("start_pref_h", unless: .integer(0))
  section.refuse("limit_pref_h", unless: .integer(0))
  options.assumesForceWeights = section.read("use_default_pf", .bool, default: false)
  options.relativeForce = section.optional("relative_f", .nonNegative)
  options.usesAtomEnergyCoefficients = section.read(
    "enable_atom_ener_coeff", .bool, default: false)
  options.generalizedCoordinates = section.read(
    "numb_generalized_coord", .size(from: 0), default: 0)
  options.usesForceNorm = section.read("f_use_norm", .bool, default: false)
  options.isIntensive = section.read("intensive_ener_virial", .bool, default: false)
  options.measure = readMeasure(section)
  section.finish()
  checkLoss(options, section)
  checkTerms(options, of: output, section)
  return options
}

private func readMeasure(_ section: ConfigurationSection) -> EnergyLossOptions.Measure {
  let name = section.read("loss_func", .oneOf(["mse", "mae"]), default: "mse")
  let usesHuber = section.read("use_huber", .bool, default: false)
  let deltas = section.read("huber_delta", .huberDeltas, default: [0.01, 0.01, 0.01])
  if name == "mae" {
    if usesHuber {
      section.report(
        "use_huber", "has no effect with \"loss_func\": \"mae\"", remedy: "remove one of the two")
    }
    return .absolute
  }
  return usesHuber ? .huber(energy: deltas[0], force: deltas[1], virial: deltas[2]) : .squared
}

/// Records combinations of options that have no meaning; DeePMD-kit refuses them, too.
private func checkLoss(_ options: EnergyLossOptions, _ section: ConfigurationSection) {
  let active = options.activeTerms
  if active.isEmpty {
    section.report(
      "start_pref_e", "no term of the loss has weight both at the start and at the limit",
      remedy: "give a term start_pref_* and limit_pref_* that are not 0")
  }
  if active.contains(.generalizedForce) && options.generalizedCoordinates < 1 {
    section.report(
      "numb_generalized_coord",
      "found 0, expected the number of generalized coordinates of drdq.npy")
  }
  if options.usesForceNorm && options.measure == .squared {
    section.report("f_use_norm", "needs \"use_huber\": true or \"loss_func\": \"mae\"")
  }
  if case .huber = options.measure {
    if active.contains(.weightedForce) || active.contains(.generalizedForce)
      || options.relativeForce != nil
    {
      section.report(
        "use_huber", "does not go with start_pref_pf, start_pref_gf or relative_f",
        remedy: "remove one of them")
    }
  }
}

/// Records terms that compare what a model of `output` does not give.
private func checkTerms(
  _ options: EnergyLossOptions, of output: OutputDefinition, _ section: ConfigurationSection
) {
  for term in options.activeTerms {
    let isGiven =
      switch term {
      case .energy, .atomEnergy: output.isReduced
      case .virial: output.isDifferentiated
      case .force, .weightedForce, .generalizedForce: true
      }
    if isGiven { continue }
    section.report(
      "start_pref_\(term.rawValue)",
      term == .virial
        ? "compares virials, which direct forces do not have"
        : "compares energies, which a fitting net \"direct_force\" does not give",
      remedy: "set it to 0, or write the fitting net "
        + (term == .virial ? "\"ener\"" : "\"direct_force_ener\""))
  }
}

extension ValueKind<[Double]> {
  /// `huber_delta`: one number, or three for energy, force and virial.
  static var huberDeltas: ValueKind {
    ValueKind(name: "a number above 0, or three for energy, force and virial") {
      if let all = ValueKind<Double>.positive.take($0) { return [all, all, all] }
      let list = ValueKind<Double>.positive.list("").take($0)
      return list?.count == 3 ? list : nil
    }
  }
}
