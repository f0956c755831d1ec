import Configuration
import Diagnostics
import Training

/// Names the systems that have none of the labels that the loss uses.
func tellOfUnlabeled(
  _ systems: [LabeledSystem], validation: [LabeledSystem], for input: TrainingInput
) {
  let needs = input.loss.needs(of: input.model.output)
  if needs.isEmpty { return }
  let labels = needs.map(\.label).joined(separator: ", ")
  func unlabeled(_ systems: [LabeledSystem]) -> [String] {
    systems.filter { system in !needs.contains { $0.labels.allSatisfy(system.has) } }.map(\.place)
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
