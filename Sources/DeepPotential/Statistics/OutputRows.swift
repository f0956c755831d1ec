import Atoms
import BLAS

/// The bias of a model's output: the value of each type that fits the labels best if all atoms of
/// the type have it.
public struct OutputBias: Sendable, Equatable {
  /// Value of an atom by type (`out_bias`), `[types][width]`; energies in eV.
  public var values: [Double]
  /// Population deviation of the labels from the bias (`out_std`): `[width]` for all types alike,
  /// or `[types][width]` for outputs that have labels of single atoms.
  public var deviations: [Double]

  /// Makes a bias from its parts.
  public init(values: [Double], deviations: [Double]) {
    self.values = values
    self.deviations = deviations
  }
}

extension OutputBias {
  /// The deviations as factors of the nets' numbers, `[types][width]`.
  ///
  /// Few frames may leave no deviation; the factor is 1 then, because a net times 0 learns nothing.
  func factors(types: Int, of output: OutputDefinition) -> [Double] {
    let width = output.width
    let all =
      deviations.count == width ? (0..<types).flatMap { _ in deviations } : deviations
    return all.indices.map { k in
      let scale = (0..<types).map { abs(values[$0 * width + k % width]) }.max() ?? 0
      return all[k] > 1e-10 * scale ? all[k] : 1
    }
  }
}

/// The data for the fit of the bias: compositions and values of frames, which are the rows of a
/// least squares problem, and moments of the values of single atoms.
public struct OutputRows: Sendable, Equatable, Codable {
  /// Number of types, and number of components of one value.
  public let typeCount: Int, width: Int
  /// Number of atoms of each type, or for intensive values their fraction, `[frames][types]`.
  public private(set) var counts: [Double] = []
  /// Values of frames, `[frames][width]`.
  public private(set) var values: [Double] = []
  /// Moments of the values of atoms, `[types][width]`; empty unless the output compares them.
  public private(set) var atoms: [Moments]
  let isIntensive: Bool, distinguishesTypes: Bool

  /// Starts without rows of `output`.
  public init(of output: OutputDefinition, typeCount: Int) {
    self.typeCount = typeCount
    width = output.width
    (isIntensive, distinguishesTypes) = (output.isIntensive, output.distinguishesTypes)
    atoms = Array(repeating: Moments(), count: output.perAtom ? typeCount * output.width : 0)
  }

  /// Whether there is no value of a frame and none of an atom.
  public var isEmpty: Bool { values.isEmpty && atoms.allSatisfy { $0.count == 0 } }
  /// Number of frames.
  public var frameCount: Int { values.count / width }

  /// Adds the `labels` of a frame with atoms of `types` (-1 for padding atoms).
  public mutating func add(
    types: [Int], _ labels: FrameLabels, of output: OutputDefinition
  ) {
    if output.isReduced, let value = labels.values[output.name] { add(types: types, value) }
    guard output.perAtom, let values = labels.values[output.atomName] else { return }
    // Labels of single atoms may be missing.
    for (atom, type) in types.enumerated() where type >= 0 && !values[atom * width].isNaN {
      for k in 0..<width { atoms[type * width + k].add(values[atom * width + k]) }
    }
  }

  /// Adds the row of a frame with atoms of `types` (-1 for padding atoms) and `value`, `[width]`.
  public mutating func add(types: [Int], _ value: [Double]) {
    precondition(value.count == width)
    var row = Array(repeating: 0.0, count: typeCount)
    for type in types where type >= 0 { row[type] += 1 }
    if isIntensive {
      let count = max(row.reduce(0, +), 1)
      for type in row.indices { row[type] /= count }
    }
    counts += row
    values += value
  }

  /// Adds a frame with `counts` atoms of each type and `value`, which counts as much as `weight`²
  /// such frames.
  public mutating func add(counts row: [Int], _ value: [Double], weight: Double) {
    precondition(row.count == typeCount && value.count == width)
    counts += row.map { weight * Double($0) }
    values += value.map { weight * $0 }
  }

  /// Appends the rows of `b`, and adds its moments.
  public static func += (a: inout OutputRows, b: OutputRows) {
    precondition(a.typeCount == b.typeCount && a.width == b.width)
    a.counts += b.counts
    a.values += b.values
    a.atoms = zip(a.atoms, b.atoms).map { $0 + $1 }
  }
}
