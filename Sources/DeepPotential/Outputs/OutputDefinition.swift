/// The definition of a model's output: the names and shape of its values for atoms and frames.
///
/// Predictions, adjoints, labels, biases, errors, detail files and data sets of predictions are
/// made from this definition, so that their code is the same for all outputs.
/// Source: DeePMD-kit's `OutputVariableDef`.
public struct OutputDefinition: Sendable, Equatable {
  /// DeePMD-kit's name of the frame's value, as a label in a data set and as a key of a prediction.
  public let name: String
  /// DeePMD-kit's name of the values of atoms.
  public let atomName: String
  /// The label with weights of the values of atoms; nil if there is none.
  public let atomWeightName: String?
  /// Shape of one value; empty for a single number.
  public let shape: [Int]
  /// Whether evaluations compare and write the values of single atoms.
  public let perAtom: Bool
  /// Whether the frame has a value, which is the sum or mean of the values of its atoms.
  public let isReduced: Bool
  /// Whether the value of the frame is the mean over its atoms instead of the sum.
  public let isIntensive: Bool
  /// Where forces come from.
  public let forces: Forces
  /// Whether each type has a bias of its own, instead of one for all types.
  public let distinguishesTypes: Bool
  /// The unit in messages; empty if the data decide the unit.
  public let unit: String
  /// The symbol of the value in the names of detail files and of their columns.
  public let symbol: String
  /// The suffix of `symbol` for each component in the columns of detail files, `[width]`.
  public let components: [String]
  /// How detail files show labels and predictions, as DeePMD-kit does for each kind of output.
  public let details: Details

  /// Where the forces of an output come from.
  public enum Forces: Sendable {
    /// There are none.
    case none
    /// They are derivatives of the value of the frame, which has a virial, too.
    case derivatives
    /// Nets give them, beside the value or alone; there is no virial.
    case direct
  }

  /// The layout of detail files.
  public enum Details: Sendable {
    /// A row for each frame or atom, in one file for all data.
    case rows
    /// A row for each frame, with all of its atoms where those are compared; a file for each
    /// system.
    case framesOfSystem
    /// A file for each frame, with a row for each component.
    case frames
  }

  /// Defines an output; by default several components are numbered and a single one has no suffix.
  public init(
    name: String, atomName: String, atomWeightName: String? = nil, shape: [Int] = [],
    perAtom: Bool, isReduced: Bool, isIntensive: Bool = false, forces: Forces = .none,
    distinguishesTypes: Bool = true, unit: String = "", symbol: String, components: [String]? = nil,
    details: Details = .rows
  ) {
    let width = shape.reduce(1, *)
    precondition(width > 0 && components?.count ?? width == width, "\(name): shape \(shape)")
    precondition(isReduced || !isIntensive, "\(name): a mean over atoms is a value of the frame")
    precondition(forces != .derivatives || isReduced, "\(name): only sums have derivatives")
    precondition(forces == .none || width == 1, "\(name): only single numbers have forces")
    (self.name, self.atomName, self.atomWeightName) = (name, atomName, atomWeightName)
    (self.shape, self.perAtom, self.isReduced) = (shape, perAtom, isReduced)
    (self.isIntensive, self.forces) = (isIntensive, forces)
    self.distinguishesTypes = distinguishesTypes
    (self.unit, self.symbol) = (unit, symbol)
    self.details = details
    self.components = components ?? (width == 1 ? [""] : (0..<width).map(String.init))
  }

  /// Number of components of one value.
  public var width: Int { components.count }

  /// Whether the value of the frame has derivatives, which are forces and a virial.
  public var isDifferentiated: Bool { forces == .derivatives }
  /// Whether predictions have forces.
  public var hasForces: Bool { forces != .none }
  /// Whether there is a value of frames or atoms, besides forces.
  public var hasValues: Bool { perAtom || isReduced }
  /// Width of what the operations of a program make of each atom: the value, and behind it the
  /// force where nets give that.
  public var rowWidth: Int { width + (forces == .direct ? 3 : 0) }

  /// DeePMD-kit's names of the labels of frames for this output.
  public var frameLabels: [String] {
    (isReduced ? [name] : []) + (isDifferentiated ? ["virial"] : [])
  }

  /// DeePMD-kit's names of the labels of atoms for this output; those of an output with forces
  /// include these, their weights and generalized coordinates.
  public var atomLabels: [String] {
    [atomName] + (atomWeightName.map { [$0] } ?? [])
      + (hasForces ? ["force", "atom_pref", "drdq"] : [])
  }

  /// The value of a frame whose atoms have `values`, `[atoms][width]`; empty if frames have none.
  ///
  /// The values are summed in the order of the atoms.  Padding atoms, of type -1 in `types`, must
  /// have values of 0.
  public func frameValue(of values: [Double], types: [Int]) -> [Double] {
    precondition(values.count == types.count * width, "\(name): values do not fit the atoms")
    if !isReduced { return [] }
    var sum = Array(repeating: 0.0, count: width)
    if width == 1 {
      sum[0] = values.reduce(0, +)
    } else {
      for first in stride(from: 0, to: values.count, by: width) {
        for k in 0..<width { sum[k] += values[first + k] }
      }
    }
    if isIntensive {
      let count = Double(max(types.count { $0 >= 0 }, 1))
      for k in 0..<width { sum[k] /= count }
    }
    return sum
  }
}
