import Atoms

/// The deviation of the predictions of several models for one frame from each other, or from the
/// frame's labels.
///
/// Source: docs/FORMATS.md, "Model deviation"; DeePMD-kit's `calc_model_devi`.
public struct ModelDeviation: Sendable, Equatable {
  /// Largest, smallest and average value of one quantity.
  public struct Spread: Sendable, Equatable {
    /// The three values.
    public var largest: Double, smallest: Double, average: Double
  }

  /// Deviation of the nine components of the virial per atom, in eV, or relative; the average is
  /// the norm of the nine deviations, divided by 3.
  public let virial: Spread
  /// Deviation of the forces on the atoms, in eV/Å, or relative.
  public let force: Spread
  /// Deviation of the energy per atom, in eV.
  public let energy: Double
  /// Deviation of the force on each atom, `[atoms]`; `force` does not count that of padding atoms.
  public let atomForces: [Double]

  /// Compares the `predictions` of several models for one frame, one prediction per model.
  ///
  /// Atoms with a negative type in `types` are padding.  With `labels`, each deviation is the root
  /// mean square error against the labels, and not a number if there is no label; without `labels`
  /// it is the standard deviation.  `relative` divides the deviation of each force by the magnitude
  /// of the mean (or labelled) force plus this level in eV/Å.  `relativeVirial` divides the
  /// deviation of each component of the virial per atom by the norm of the mean (or labelled)
  /// virial per atom plus this level in eV.
  public init(
    _ predictions: [Prediction], types: [Int]? = nil, against labels: FrameLabels?,
    relative: Double?, relativeVirial: Double? = nil
  ) {
    precondition(!predictions.isEmpty)
    let atoms = predictions[0].forces.count
    let real = (0..<atoms).filter { atom in types.map { $0[atom] >= 0 } ?? true }
    let perAtom = 1 / Double(max(real.count, 1))
    /// The deviation of one number over the models, from the label or without labels from the mean.
    ///
    /// `label` is nil without labels; it is `.some(nil)` if the labels do not have this number.
    func deviation(_ label: Double??, _ value: (Prediction) -> Double) -> Double {
      let values = predictions.map(value), count = Double(values.count)
      let center: Double
      switch label {
      case .none: center = values.reduce(0, +) / count
      case .some(let known): center = known ?? .nan
      }
      return (values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / count).squareRoot()
    }
    energy = deviation(labels.map { $0.energy.map { $0 * perAtom } }) { $0.energy * perAtom }
    let scale = relativeVirial.map {
      1 / (Self.size(of: predictions, labels) * perAtom + $0)
    }
    let virials = (0..<9).map { k in
      (scale ?? 1)
        * deviation(labels.map { $0.virial.map { $0.rows[k] * perAtom } }) {
          $0.virial.rows[k] * perAtom
        }
    }
    virial = Spread(
      virials, average: virials.reduce(0) { $0 + $1 * $1 }.squareRoot() / 3)
    atomForces = (0..<atoms).map { atom in
      let components = (0..<3).map { k in
        deviation(labels.map { $0.forces?[atom][k] }) { $0.forces[atom][k] }
      }
      let deviation = norm(SIMD3(components[0], components[1], components[2]))
      guard let relative else { return deviation }
      let mean = predictions.reduce(SIMD3.zero) { $0 + $1.forces[atom] } / Double(predictions.count)
      return deviation / (norm(labels?.forces?[atom] ?? mean) + relative)
    }
    let deviations = atomForces
    let forces = real.map { deviations[$0] }
    force = Spread(forces, average: forces.reduce(0, +) * perAtom)
  }

  /// The norm of the labelled virial in eV, or without labels that of the predictions' mean virial;
  /// not a number if the labels have no virial.
  private static func size(of predictions: [Prediction], _ labels: FrameLabels?) -> Double {
    let squares = (0..<9).map { k in
      let mean = predictions.reduce(0) { $0 + $1.virial.rows[k] } / Double(predictions.count)
      let size = labels.map { $0.virial?.rows[k] ?? .nan } ?? mean
      return size * size
    }
    return squares.reduce(0, +).squareRoot()
  }
}

extension ModelDeviation.Spread {
  /// The spread of `values`, which must not be empty; not a number if one of them is not.
  fileprivate init(_ values: [Double], average: Double) {
    let known = !values.contains(where: \.isNaN)
    largest = known ? values.max() ?? .nan : .nan
    smallest = known ? values.min() ?? .nan : .nan
    self.average = average
  }
}
