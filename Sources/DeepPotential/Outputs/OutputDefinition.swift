/// What a model says of each atom and of the frame, as data: name, shape, and what follows from it.
///
/// Predictions, adjoints, labels, biases, errors, detail files and data sets of predictions are
/// made by it, whatever the output is.  Source: DeePMD-kit's `OutputVariableDef`.
public struct OutputDefinition: Sendable, Equatable {
  /// DeePMD-kit's name of the frame's value: the label in a data set, the key of a prediction.
  public let name: String
  /// The same of the values of atoms.
  public let atomName: String
  /// The label of atoms that weights their values, where there is one.
  public let atomWeightName: String?
  /// Shape of one value; empty for a single number.
  public let shape: [Int]
  /// Whether evaluations compare and write the values of single atoms.
  public let perAtom: Bool
  /// Whether the frame has a value: what those of its atoms add up to.
  public let isReduced: Bool
  /// Whether the value of the frame is the mean over its atoms instead of the sum.
  public let isIntensive: Bool
  /// Whether the value of the frame is differentiated: there are forces and a virial.
  public let isDifferentiated: Bool
  /// The unit, for people; empty where the data decide.
  public let unit: String
  /// What stands for the value in the names of detail files and of their columns.
  public let symbol: String
  /// What is added to `symbol` for each component in the columns of detail files, `[width]`.
  public let components: [String]

  /// Defines an output; without `components` they are numbered, a single one has no number.
  public init(
    name: String, atomName: String, atomWeightName: String? = nil, shape: [Int] = [],
    perAtom: Bool, isReduced: Bool, isIntensive: Bool = false, isDifferentiated: Bool = false,
    unit: String = "", symbol: String, components: [String]? = nil
  ) {
    let width = shape.reduce(1, *)
    precondition(width > 0 && components?.count ?? width == width, "\(name): shape \(shape)")
    precondition(perAtom || isReduced, "\(name): there would be nothing to say")
    precondition(isReduced || !isIntensive, "\(name): a mean over atoms is a value of the frame")
    precondition(!isDifferentiated || isReduced && width == 1, "\(name): only sums have forces")
    (self.name, self.atomName, self.atomWeightName) = (name, atomName, atomWeightName)
    (self.shape, self.perAtom, self.isReduced) = (shape, perAtom, isReduced)
    (self.isIntensive, self.isDifferentiated) = (isIntensive, isDifferentiated)
    (self.unit, self.symbol) = (unit, symbol)
    self.components = components ?? (width == 1 ? [""] : (0..<width).map(String.init))
  }

  /// Numbers in one value.
  public var width: Int { components.count }

  /// Labels of frames that data may have: DeePMD-kit's names.
  public var frameLabels: [String] {
    (isReduced ? [name] : []) + (isDifferentiated ? ["virial"] : [])
  }

  /// Labels of atoms that data may have; those of forces with their weights and directions.
  public var atomLabels: [String] {
    [atomName] + (atomWeightName.map { [$0] } ?? [])
      + (isDifferentiated ? ["force", "atom_pref", "drdq"] : [])
  }

  /// The value of a frame whose atoms have `values`, `[atoms][width]`, added up in their order;
  /// empty without one.
  ///
  /// Padding atoms, of type -1 in `types`, have values of 0.
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
