import Atoms
import DeepPotential

/// The errors of predictions against labels, quantity by quantity, as `dp test` defines them.
///
/// Values of frames and virials count once per frame and component, those of atoms and forces once
/// per atom and component.  "Per atom" divides by the atoms of the frame; padding atoms are none,
/// and neither their values nor their forces count.  Virial and stress count for periodic frames
/// only. Source: docs/FORMATS.md, "Evaluation"; DeePMD-kit's `compute_energy_type_metrics`.
public struct EvaluationErrors: Sendable, Equatable {
  /// What is compared.
  public let output: OutputDefinition
  /// The errors of each quantity that had labels.
  public private(set) var sums: [ErrorQuantity: ErrorSum] = [:]
  /// The errors of the components of the forces on atoms of each type.
  public private(set) var forcesByType: [Int: ErrorSum] = [:]
  /// The number of frames compared.
  public private(set) var frameCount = 0

  /// The errors of no frames, of predictions of `output`.
  public init(of output: OutputDefinition) { self.output = output }

  /// The quantities that had labels, in the order of reports, with their errors.
  public var rows: [(quantity: ErrorQuantity, sum: ErrorSum)] {
    output.errorQuantities.compactMap { quantity in sums[quantity].map { (quantity, $0) } }
  }

  /// Adds the errors of `prediction` for `frame`.
  public mutating func add(_ prediction: Prediction, of frame: Frame, against labels: FrameLabels) {
    frameCount += 1
    let atoms = Double(max(frame.realAtomCount, 1))
    if output.isReduced, let label = labels.values[output.name] {
      add(.frame(of: output), prediction.frameValue, label)
      if !output.isIntensive {
        add(.framePerAtom(of: output), prediction.frameValue, label, dividedBy: atoms)
      }
    }
    if output.perAtom, let label = labels.values[output.atomName] {
      addAtoms(prediction.atomValues, label, types: frame.types)
    }
    guard output.hasForces else { return }
    if let forces = labels.forces {
      addForces(prediction.forces, forces, weights: labels.forceWeights, types: frame.types)
    }
    if output.isDifferentiated, let virial = labels.virial, let cell = frame.cell {
      add(.virial, prediction.virial.rows, virial.rows)
      add(.virialPerAtom, prediction.virial.rows, virial.rows, dividedBy: atoms)
      add(.stress, virial.rows, prediction.virial.rows, dividedBy: cell.volume)
    }
  }

  /// Takes in the errors of the components of `values`.
  private mutating func add(
    _ quantity: ErrorQuantity, _ values: [Double], _ labels: [Double], dividedBy count: Double = 1
  ) {
    var sum = sums[quantity] ?? ErrorSum()
    for (value, label) in zip(values, labels) { sum.add((value - label) / count) }
    sums[quantity] = sum
  }

  /// Takes in values of atoms, `[atoms][width]`.
  private mutating func addAtoms(_ values: [Double], _ labels: [Double], types: [Int]) {
    if !types.contains(where: { $0 >= 0 }) { return }
    var sum = sums[.atoms(of: output)] ?? ErrorSum()
    for (atom, type) in types.enumerated() where type >= 0 && !labels[atom * output.width].isNaN {
      for k in atom * output.width..<(atom + 1) * output.width { sum.add(values[k] - labels[k]) }
    }
    sums[.atoms(of: output)] = sum
  }

  /// Takes in forces, in eV/Å, and again with `weights` if there are some.
  private mutating func addForces(
    _ forces: [SIMD3<Double>], _ labels: [SIMD3<Double>], weights: [Double]?, types: [Int]
  ) {
    if !types.contains(where: { $0 >= 0 }) { return }
    var sum = sums[.force] ?? ErrorSum(), weighted = sums[.forceWeighted] ?? ErrorSum()
    for (atom, (force, label)) in zip(forces, labels).enumerated() where types[atom] >= 0 {
      let error = force - label
      for component in 0..<3 {
        sum.add(error[component])
        forcesByType[types[atom], default: ErrorSum()].add(error[component])
        if let weights { weighted.add(error[component], weight: weights[atom]) }
      }
    }
    sums[.force] = sum
    if weights != nil { sums[.forceWeighted] = weighted }
  }

  /// Merges the errors of two sets of frames.
  public static func + (a: EvaluationErrors, b: EvaluationErrors) -> EvaluationErrors {
    precondition(a.output == b.output, "errors of \(a.output.name) and \(b.output.name)")
    var both = a
    both.frameCount += b.frameCount
    both.sums.merge(b.sums) { $0 + $1 }
    both.forcesByType.merge(b.forcesByType) { $0 + $1 }
    return both
  }
}
