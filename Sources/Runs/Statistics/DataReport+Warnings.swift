import DeepPotential
import Diagnostics
import Training

extension DataReport {
  /// The types that occur in the data, but about which something cannot be learned.
  var typeFindings: [String] {
    let names = typesWithoutEnergy.joined(separator: ", ")
    if names.isEmpty { return [] }
    return [
      "no frame with \(names) has an energy: what the others leave of the energy of these atoms is unknown"
    ]
  }

  /// Warns of findings that spoil any training: other units, lost digits, types without energies.
  func postWarnings() {
    for text in typeFindings { Notices.post(text) }
    let kinds: Set<Finding.Kind> = [.units, .strangeVirial, .roundedEnergies]
    let found = systems.flatMap { system in
      system.findings.filter { kinds.contains($0.kind) }.map { "\(system.place): \($0.text)" }
    }
    let shown = 5
    for text in found.prefix(shown) { Notices.post(text) }
    if found.count > shown {
      Notices.post("\(found.count - shown) more such findings in the data: dp-stat shows them")
    }
  }
}
