import DeepPotential

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

/// A quantity whose predictions are compared with labels, and the words for it.
package struct ComparedQuantity: Hashable {
  /// Its title, the unit of its numbers, which is empty where the data decide, and the noun for one
  /// of them.
  package let title: String, unit: String, noun: String
  /// Its place among the others in a picture.
  private let place: Int

  private init(_ title: String, _ unit: String, _ noun: String, place: Int) {
    (self.title, self.unit, self.noun, self.place) = (title, unit, noun, place)
  }

  /// The energies of frames in eV, divided by the number of atoms if they are `perAtom`.
  package static func energy(perAtom: Bool) -> Self {
    Self("Energy", perAtom ? "eV/atom" : "eV", "frame", place: 0)
  }

  /// The components of forces.
  package static let force = Self("Force", "eV/Å", "component", place: 1)

  /// The components of virials in eV or eV/atom, or of stresses in eV/Å³, as `unit` tells.
  package static func virial(_ unit: String) -> Self {
    Self(unit == "eV/Å³" ? "Stress" : "Virial", unit, "component", place: 2)
  }

  /// The values of frames, or of atoms, for another output than the energy.
  package static func values(of output: OutputDefinition, ofAtoms: Bool = false) -> Self {
    let name = ofAtoms ? output.atomName : output.name
    let noun =
      switch output.width {
      case 1: ofAtoms ? "atom" : "frame"
      default: output.symbol == "dos" ? "point" : "component"
      }
    return Self(Figures.title(ofLabel: name), output.unit, noun, place: ofAtoms ? 4 : 3)
  }

  static func < (a: Self, b: Self) -> Bool { (a.place, a.title) < (b.place, b.title) }
}

/// All predictions for some frames beside the labels, quantity by quantity.
package struct Comparisons {
  /// A quantity, and its numbers in parts, such as the elements of forces; a part may have no name.
  package typealias Group = (
    quantity: ComparedQuantity, parts: [(name: String, values: Comparison)]
  )
  private var places: [ComparedQuantity: [(name: String, values: Comparison)]] = [:]

  /// Starts without frames.
  package init() {}

  /// The quantities that were compared, in their order; the parts in that of their first numbers.
  package var groups: [Group] {
    places.keys.sorted(by: <).map { ($0, places[$0] ?? []) }
  }

  /// Adds labels and their predictions to one part of a quantity.
  package mutating func add(
    _ quantity: ComparedQuantity, part: String = "", _ labels: some Sequence<Double>,
    _ predictions: some Sequence<Double>
  ) {
    var parts = places.removeValue(forKey: quantity) ?? []
    let place = parts.firstIndex { $0.name == part } ?? parts.count
    if place == parts.count { parts.append((part, Comparison())) }
    for (label, prediction) in zip(labels, predictions) {
      parts[place].values.add(label, prediction)
    }
    places[quantity] = parts
  }

  /// Adds one value of a frame for another output than the energy, in the groups of its components.
  package mutating func addFrame(
    of output: OutputDefinition, _ labels: ArraySlice<Double>, _ predictions: ArraySlice<Double>
  ) {
    let (names, places) = output.componentGroups
    for (group, name) in names.enumerated() {
      func own(_ values: ArraySlice<Double>) -> [Double] {
        zip(values, places).compactMap { $1 == group ? $0 : nil }
      }
      add(.values(of: output), part: name, own(labels), own(predictions))
    }
  }
}
