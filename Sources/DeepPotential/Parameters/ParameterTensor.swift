import Kernels

/// One matrix or vector among the parameters of a model.
///
/// The list of them, `EnergyModel.tensors`, is the only one: numbers at first, reordering by type,
/// counts, what training changes, and the blocks of the Kalman filter follow from it.
public struct ParameterTensor: Sendable, Equatable {
  /// What its numbers are, which decides how they are drawn at first.
  public enum Role: String, Sendable {
    /// The matrix `w` of a layer, its biases `b`, its timesteps `idt`: names of model files.
    case weights = "w"
    case biases = "b"
    case timesteps = "idt"
    /// The factors and the offsets of a layer norm.
    case normWeights = "norm w", normBiases = "norm b"
  }

  /// The part of the model that it is in.
  public enum Part: String, Sendable {
    /// The descriptor; the fitting nets.
    case descriptor, fitting
  }

  /// Which tensor of a model it is.
  public struct Name: Hashable, Sendable {
    /// The part, and the place of its network or layer in the part, without the number of a
    /// network.
    public let part: Part, place: String
    /// The types that its network is for, as many as the networks have dimensions.
    public var types: [Int]
    /// The number of the layer.
    public let layer: Int
    /// What its numbers are.
    public let role: Role
  }

  /// Which one it is.
  public let name: Name
  /// Where it is in the tree of a model file:
  /// `model/descriptor/embeddings/networks[0]/layers[1]/@variables/w`.
  public let path: String
  /// Rows and columns, `[inputs][outputs]` of a layer; a vector is a column.
  public let rows: Int, columns: Int
  /// Its places in the vector of its precision, rows one after the other.
  public let precision: Precision, range: Range<Int>
  /// The number of its network, or layer without one, among all of the model.
  public let network: Int
  /// Whether training changes it.
  public let isTrainable: Bool
  /// How often the layer adds the unit vector of a type to its output, if it takes such vectors and
  /// this is its matrix, which then has a row for each type.
  public let typeShortcuts: Int?

  /// Its numbers.
  public var count: Int { range.count }

  /// The places column by column, float64 vector first.
  public func columnMajorPlaces(float64Count: Int) -> [Int] {
    let start = range.lowerBound + (precision == .float64 ? 0 : float64Count)
    return (0..<columns).flatMap { column in
      (0..<rows).map { start + $0 * columns + column }
    }
  }
}

extension EnergyModel {
  /// All matrices and vectors, in the order in which they are laid out.
  public var tensors: [ParameterTensor] {
    var list = TensorList()
    descriptor.list(in: &list)
    fitting.list(in: &list)
    return list.tensors
  }

  /// Numbers in the networks of `part`.
  public func parameterCount(of part: ParameterTensor.Part) -> Int {
    tensors.reduce(0) { $0 + ($1.name.part == part ? $1.count : 0) }
  }
}
