import Kernels

/// One matrix or vector among the parameters of a model.
///
/// `EnergyModel.tensors` is the only list of a model's parameters.  Initial values, the order of
/// types, counts, trainable layers and the blocks of the Kalman filter follow from it.
public struct ParameterTensor: Sendable, Equatable {
  /// The meaning of the numbers, on which their initial values depend.
  public enum Role: String, Sendable {
    /// The matrix, the biases and the timesteps of a layer, under their names in model files.
    case weights = "w"
    case biases = "b"
    case timesteps = "idt"
    /// The factors and the offsets of a layer norm.
    case normWeights = "norm w", normBiases = "norm b"
    /// What an update is multiplied by where a layer adds it.
    case updateScale = "scale"
  }

  /// The part of a model that has the tensor.
  public enum Part: String, Sendable {
    /// The descriptor, and the fitting nets.
    case descriptor, fitting
  }

  /// A name that no other tensor of the model has.
  public struct Name: Hashable, Sendable {
    /// The part, and the place of the network or single layer in the part; the number of a network
    /// in its collection is not in the place.
    public let part: Part, place: String
    /// The types that the network is for: none, one, or a pair.
    public var types: [Int]
    /// The number of the layer in its network.
    public let layer: Int
    /// The meaning of the numbers.
    public let role: Role
  }

  /// The name of the tensor.
  public let name: Name
  /// The path of the tensor in the tree of a model file, such as
  /// `model/descriptor/embeddings/networks[0]/layers[1]/@variables/w`.
  public let path: String
  /// Number of rows and columns, `[inputs][outputs]` for a layer; a vector is a column.
  public let rows: Int, columns: Int
  /// The places of the numbers in the parameter vector of this precision, row by row.
  public let precision: Precision, range: Range<Int>
  /// The number of the network in the model; a single layer and a layer norm count as networks.
  public let network: Int
  /// Whether training changes the tensor.
  public let isTrainable: Bool
  /// Number of copies of its input that a layer adds to its output, if this is the matrix of a
  /// layer whose inputs are unit vectors of types; else nil.
  public let typeShortcuts: Int?
  /// Mean and deviation of its initial values; nil if they follow from the meaning.
  public var initial: InitialValues?

  /// Number of elements.
  public var count: Int { range.count }

  /// The places of the numbers, column by column, in one vector that has all float64 parameters
  /// first and then the float32 parameters.
  public func columnMajorPlaces(float64Count: Int) -> [Int] {
    let start = range.lowerBound + (precision == .float64 ? 0 : float64Count)
    return (0..<columns).flatMap { column in
      (0..<rows).map { start + $0 * columns + column }
    }
  }
}

/// The distribution that initial values are drawn from, normal or uniform.
public struct InitialValues: Sendable, Equatable {
  /// Its mean and its deviation.
  public let mean: Double, deviation: Double
  /// Whether it is uniform.
  public var isUniform = false
}

extension EnergyModel {
  /// All matrices and vectors, in the order in which they are laid out.
  public var tensors: [ParameterTensor] {
    var list = TensorList()
    guard mixture != nil else {
      // A table is a part of a model beside its nets.
      if !pairPotentials.isEmpty { list.modelPlace = "model/models[0]" }
      descriptor.list(in: &list)
      fitting.list(in: &list)
      return list.tensors
    }
    for (k, part) in descriptor.parts.enumerated() {
      list.begin(net: k)
      part.list(in: &list)
    }
    for (k, fitting) in fittings.enumerated() {
      list.begin(net: k)
      fitting.list(in: &list)
    }
    return list.tensors
  }

  /// Number of parameters of `part`.
  public func parameterCount(of part: ParameterTensor.Part) -> Int {
    tensors.reduce(0) { $0 + ($1.name.part == part ? $1.count : 0) }
  }
}
