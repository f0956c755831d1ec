/// Numbers beside what a model predicts for them.
package struct Comparison {
  package var labels: [Double] = []
  package var predictions: [Double] = []

  /// So many labels with as many predictions.
  package init(labels: [Double] = [], predictions: [Double] = []) {
    self.labels = labels
    self.predictions = predictions
  }

  /// Adds a number with its prediction.
  package mutating func add(_ label: Double, _ prediction: Double) {
    labels.append(label)
    predictions.append(prediction)
  }

  /// Prediction minus label, of the pairs that are finite.
  package var errors: [Double] {
    zip(labels, predictions).map { $1 - $0 }.filter(\.isFinite)
  }
}

/// All that a model predicts of some frames, beside their labels.
package struct Comparisons {
  /// Energy in eV, each atom's part of it if `energyIsPerAtom`.
  package var energy = Comparison(), energyIsPerAtom = true
  /// Components of forces in eV/Å, by element; one element without a name where none is known.
  package var forces: [(element: String, values: Comparison)] = []
  /// Components of the virial in eV, or of the stress in eV/Å³.
  package var virial = Comparison(), virialUnit = "eV/atom"

  /// No frames yet.
  package init() {}

  /// Adds the three components of a force on an atom of `element`.
  package mutating func addForce(
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
