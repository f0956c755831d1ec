/// Numbers beside what a model predicts for them.
struct Comparison {
  var labels: [Double] = []
  var predictions: [Double] = []

  /// Adds a number with its prediction.
  mutating func add(_ label: Double, _ prediction: Double) {
    labels.append(label)
    predictions.append(prediction)
  }

  /// Prediction minus label, of the pairs that are finite.
  var errors: [Double] {
    zip(labels, predictions).map { $1 - $0 }.filter(\.isFinite)
  }
}

/// All that a model predicts of some frames, beside their labels.
struct Comparisons {
  /// Energy in eV, each atom's part of it if `energyIsPerAtom`.
  var energy = Comparison(), energyIsPerAtom = true
  /// Components of forces in eV/Å, by element; one element without a name where none is known.
  var forces: [(element: String, values: Comparison)] = []
  /// Components of the virial in eV, or of the stress in eV/Å³.
  var virial = Comparison(), virialUnit = "eV/atom"

  /// Adds the three components of a force on an atom of `element`.
  mutating func addForce(
    _ element: String, _ labels: ArraySlice<Double>, _ predictions: ArraySlice<Double>
  ) {
    let place: Int
    if let known = forces.firstIndex(where: { $0.element == element }) {
      place = known
    } else {
      place = forces.count
      forces.append((element, Comparison()))
    }
    for (label, prediction) in zip(labels, predictions) {
      forces[place].values.add(label, prediction)
    }
  }
}
