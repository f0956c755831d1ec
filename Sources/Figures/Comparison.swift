/// Labels and the predictions for them.
package struct Comparison {
  package var labels: [Double] = []
  package var predictions: [Double] = []

  /// Takes labels and the same count of predictions.
  package init(labels: [Double] = [], predictions: [Double] = []) {
    self.labels = labels
    self.predictions = predictions
  }

  /// Adds a label and its prediction.
  package mutating func add(_ label: Double, _ prediction: Double) {
    labels.append(label)
    predictions.append(prediction)
  }

  /// Prediction minus label, for the pairs that are finite.
  package var errors: [Double] {
    zip(labels, predictions).map { $1 - $0 }.filter(\.isFinite)
  }
}

/// All predictions for some frames, beside the labels.
package struct Comparisons {
  /// The energy in eV, divided by the number of atoms if `energyIsPerAtom`.
  package var energy = Comparison(), energyIsPerAtom = true
  /// The components of forces in eV/Å, by element; if no element is known, they form one group
  /// without a name.
  package var forces: [(element: String, values: Comparison)] = []
  /// Components of the virial in eV, or of the stress in eV/Å³.
  package var virial = Comparison(), virialUnit = "eV/atom"

  /// Starts without frames.
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
