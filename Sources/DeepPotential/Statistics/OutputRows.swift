import Atoms
import BLAS

/// The value of an atom of each type that explains the values of frames, or of atoms, best.
public struct OutputBias: Sendable, Equatable {
  /// Value of an atom by type (`out_bias`), `[types][width]`: of energies in eV.
  public var values: [Double]
  /// Population deviation of what the bias leaves of the labels (`out_std`): `[width]` for all
  /// types alike, or `[types][width]` of outputs whose values of atoms are known one by one.
  public var deviations: [Double]

  /// Puts the two together.
  public init(values: [Double], deviations: [Double]) {
    self.values = values
    self.deviations = deviations
  }
}

/// Values of frames and what the frames are made of: the rows of the least squares for the bias;
/// and moments of the values of atoms, which say more where there are some.
public struct OutputRows: Sendable, Equatable, Codable {
  /// Number of types, and of numbers in one value.
  public let typeCount: Int, width: Int
  /// Atoms of each type, of intensive values their share, `[frames][types]`.
  public private(set) var counts: [Double] = []
  /// Values of frames, `[frames][width]`.
  public private(set) var values: [Double] = []
  /// Moments of the values of atoms, `[types][width]`.
  public private(set) var atoms: [Moments]
  private let isIntensive: Bool

  /// No rows of `output`.
  public init(of output: OutputDefinition, typeCount: Int) {
    self.typeCount = typeCount
    width = output.width
    isIntensive = output.isIntensive
    atoms = Array(repeating: Moments(), count: output.perAtom ? typeCount * output.width : 0)
  }

  /// Number of frames.
  public var frameCount: Int { values.count / width }

  /// Adds what is known of a frame with atoms of `types` (-1 is no atom).
  public mutating func add(
    types: [Int], _ labels: FrameLabels, of output: OutputDefinition
  ) {
    if output.isReduced, let value = labels.values[output.name] { add(types: types, value) }
    guard output.perAtom, let values = labels.values[output.atomName] else { return }
    for (atom, type) in types.enumerated() where type >= 0 {
      for k in 0..<width { atoms[type * width + k].add(values[atom * width + k]) }
    }
  }

  /// Adds the row of a frame with atoms of `types` (-1 is no atom) and `value`, `[width]`.
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

  /// Adds a row that counts as `weight`² rows of frames with `counts` atoms of each type and
  /// `value`.
  public mutating func add(counts row: [Int], _ value: [Double], weight: Double) {
    precondition(row.count == typeCount && value.count == width)
    counts += row.map { weight * Double($0) }
    values += value.map { weight * $0 }
  }

  /// Appends the rows of another part.
  public static func += (a: inout OutputRows, b: OutputRows) {
    precondition(a.typeCount == b.typeCount && a.width == b.width)
    a.counts += b.counts
    a.values += b.values
    a.atoms = zip(a.atoms, b.atoms).map { $0 + $1 }
  }
}
