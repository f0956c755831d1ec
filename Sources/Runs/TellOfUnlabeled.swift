import Configuration
import Diagnostics
import Training

/// Names the systems that have none of the labels that the loss uses.
func tellOfUnlabeled(
  _ systems: [LabeledSystem], validation: [LabeledSystem], for input: TrainingInput
) {
  let terms = input.loss.activeTerms
  if terms.isEmpty { return }
  let labels = terms.map(\.label).joined(separator: ", ")
  func unlabeled(_ systems: [LabeledSystem]) -> [String] {
    systems.filter { system in !terms.contains { input.loss.sees($0, of: system) } }.map(\.place)
  }
  func tell(_ names: [String], _ kind: String, _ consequence: String) {
    if names.isEmpty { return }
    let verb = names.count == 1 ? "system has" : "systems have"
    Notices.post(
      "\(names.count) \(kind) \(verb) none of the labels that the loss uses (\(labels)): "
        + "\(listed(names)); \(consequence)")
  }
  tell(unlabeled(systems), "training", "nothing is learned there")
  tell(unlabeled(validation), "validation", "their errors are nan")
}

extension EnergyLossOptions {
  /// Whether frames of `system` have the label of `term`.
  fileprivate func sees(_ term: EnergyLossTerm, of system: LabeledSystem) -> Bool {
    switch term {
    case .weightedForce: system.has("force") && (assumesForceWeights || system.has(term.label))
    case .generalizedForce: system.has("force") && system.has(term.label)
    case .energy, .force, .virial, .atomEnergy: system.has(term.label)
    }
  }
}
