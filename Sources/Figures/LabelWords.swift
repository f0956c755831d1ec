import DeepPotential

/// The title of the labels called `name` in data: of frames "Dipole", of atoms "Dipole of atoms".
package func title(ofLabel name: String) -> String {
  for output in [OutputDefinition.dipole, .polarizability, .densityOfStates(points: 1)] {
    let title = output.symbol == "dos" ? "Density of states" : output.name.capitalized
    if name == output.name { return title }
    if name == output.atomName { return "\(title) of atoms" }
  }
  let words = name.replacing("_", with: " ")
  return words.prefix(1).uppercased() + words.dropFirst()
}
