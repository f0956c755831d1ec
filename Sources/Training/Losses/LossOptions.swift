import DeepPotential

/// The options of a loss of any kind: the one switch.
public enum LossOptions: Sendable, Equatable {
  /// `ener`.
  case energy(EnergyLossOptions)
  /// `tensor` or `dos`.
  case values(ValueLossOptions)
  /// `property`.
  case property(PropertyLossOptions)
  /// `denoise`.
  case denoising(DenoisingLossOptions)

  /// The options of a loss of energies; nil for others.
  public var energy: EnergyLossOptions? {
    if case .energy(let options) = self { options } else { nil }
  }

  /// The damage that is done to frames; nil unless the model mends it.
  public var damage: FrameDamage? {
    if case .denoising(let options) = self { options.damage } else { nil }
  }

  /// The loss of a model that predicts `output` and whose labels have `deviations`,
  /// `[types][width]`; the options must be of the output's kind.
  public func loss(
    of output: OutputDefinition, deviations: [Double], startLearningRate: Double
  ) -> Loss {
    switch self {
    case .energy(let options):
      .energy(EnergyLoss(options, startLearningRate: startLearningRate))
    case .values(let options):
      .values(ValueLoss(options, of: output, startLearningRate: startLearningRate))
    case .property(let options):
      .property(
        PropertyLoss(options, of: output, deviations: Array(deviations.prefix(output.width))))
    case .denoising(let options): .denoising(DenoisingLoss(options, of: output))
    }
  }

  /// What each of its terms needs of the data, for models that predict `output`.
  public func needs(of output: OutputDefinition) -> [LossNeed] {
    switch self {
    case .energy(let options): options.activeTerms.map(options.need)
    case .values(let options):
      options.activeTerms.map { term in
        let label = term.isOfAtoms ? output.atomName : output.name
        let isDensity = output.symbol == "dos"
        let keys =
          isDensity
          ? ["start_pref_\(term.rawValue)", "limit_pref_\(term.rawValue)"]
          : [term.isOfAtoms ? "pref_atomic" : "pref"]
        return LossNeed(keys: keys, label: label, labels: [label])
      }
    case .denoising: []
    case .property: [LossNeed(keys: ["type"], label: output.name, labels: [output.name])]
    }
  }
}

/// What a term of a loss needs of the data.
public struct LossNeed: Sendable {
  /// The keys of the loss that give the term its weight.
  public let keys: [String]
  /// The label that the term is about.
  public let label: String
  /// The labels without which a system takes no part in the term.
  public let labels: [String]
}

extension EnergyLossOptions {
  fileprivate func need(_ term: EnergyLossTerm) -> LossNeed {
    let keys = ["start_pref_\(term.rawValue)", "limit_pref_\(term.rawValue)"]
    var labels = [term.label]
    if term == .weightedForce && assumesForceWeights { labels = [] }
    // Both terms compare forces.
    if term == .weightedForce || term == .generalizedForce { labels.append("force") }
    return LossNeed(keys: keys, label: term.label, labels: labels)
  }
}
