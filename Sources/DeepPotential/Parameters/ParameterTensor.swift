import Kernels

/// One matrix or vector among the parameters of a model.
///
/// The list of them, `EnergyModel.tensors`, is the only one: numbers at first, reordering by type, counts, what
/// training changes, and the blocks of the Kalman filter follow from it.
public struct ParameterTensor: Sendable, Equatable {
  /// What its numbers are, which decides how they are drawn at first.
  public enum Role: String, Sendable {
    /// The matrix `w` of a layer, its biases `b`, its timesteps `idt`: names of model files.
    case weights = "w"
    case biases = "b"
    case timesteps = "idt"
  }

  /// The part of the model that it is in.
  public enum Part: String, Sendable {
    /// The descriptor; the fitting nets.
    case descriptor, fitting
  }

  /// Which tensor of a model it is.
  public struct Name: Hashable, Sendable {
    /// The part, the name that its networks have there, and the number of the layer.
    public let part: Part, networks: String, layer: Int
    /// What its numbers are.
    public let role: Role
    /// The types that its network is for, as many as the networks have dimensions.
    public var types: [Int]
  }

  /// Which one it is.
  public let name: Name
  /// Rows and columns, `[inputs][outputs]` of a layer; a vector is a column.
  public let rows: Int, columns: Int
  /// Its places in the vector of its precision, rows one after the other.
  public let precision: Precision, range: Range<Int>
  /// The number of its network among all of the model.
  public let network: Int
  /// Whether training changes it.
  public let isTrainable: Bool

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
  /// All matrices and vectors, in the order of the model file.
  public var tensors: [ParameterTensor] {
    var list = TensorList()
    switch descriptor {
    case .seE2A(let part): part.list(in: &list)
    }
    fitting.list(in: &list)
    return list.tensors
  }

  /// Numbers in the networks of `part`.
  public func parameterCount(of part: ParameterTensor.Part) -> Int {
    tensors.reduce(0) { $0 + ($1.name.part == part ? $1.count : 0) }
  }
}

/// Collects the tensors of a model, network by network.
struct TensorList {
  private(set) var tensors: [ParameterTensor] = []
  private var networkCount = 0

  /// Adds the tensors of `network`, one of those that `part` calls `name`; `trainable` says of each layer whether
  /// training changes it.
  mutating func add(
    _ network: DenseNetwork, _ part: ParameterTensor.Part, _ name: String, types: [Int],
    trainable: [Bool]
  ) {
    precondition(trainable.count == network.layers.count)
    for (index, layer) in network.layers.enumerated() {
      func add(_ range: Range<Int>?, _ role: ParameterTensor.Role, rows: Int, columns: Int) {
        guard let range else { return }
        tensors.append(
          ParameterTensor(
            name: .init(part: part, networks: name, layer: index, role: role, types: types),
            rows: rows, columns: columns, precision: network.precision, range: range,
            network: networkCount, isTrainable: trainable[index]))
      }
      add(layer.weights, .weights, rows: layer.inputs, columns: layer.outputs)
      add(layer.biases, .biases, rows: layer.outputs, columns: 1)
      add(layer.timesteps, .timesteps, rows: layer.outputs, columns: 1)
    }
    networkCount += 1
  }
}

extension SeE2A {
  fileprivate func list(in list: inout TensorList) {
    let trainable = options.neuron.map { _ in options.trainable }
    for (index, network) in embeddings.enumerated() {
      let (neighbor, center) = index.quotientAndRemainder(dividingBy: typeCount)
      list.add(
        network, .descriptor, "embeddings",
        types: options.typeOneSide ? [index] : [neighbor, center],
        trainable: trainable)
    }
  }
}

extension EnergyFitting {
  fileprivate func list(in list: inout TensorList) {
    for (type, network) in networks.enumerated() {
      list.add(network, .fitting, "nets", types: [type], trainable: options.trainable)
    }
  }
}
