import Files
import ForeignModels
import HDF5
import Kernels

/// Collects the arrays of a model while the JSON tree of the model is made.
struct ModelWriter {
  private var arrays: [(values: [Double], shape: [Int], precision: Precision)] = []

  /// Adds an array; gives the value that names the array in the tree.
  mutating func array(
    _ values: [Double], shape: [Int], _ precision: Precision = .float64
  ) -> JSONValue {
    precondition(values.count == shape.reduce(1, *), "\(values.count) values for \(shape)")
    arrays.append((values, shape, precision))
    return .string(name(arrays.count - 1))
  }

  /// Writes the arrays and the tree `root` into `file`; throws `.io`.
  func write(_ root: JSONValue, into file: borrowing HDF5File) throws {
    for (index, array) in arrays.enumerated() {
      try file.write(
        array.values, shape: array.shape, to: name(index),
        bytes: array.precision == .float64 ? 8 : 4)
    }
    try file.setAttribute("json", of: "/", to: root.serialized)
  }

  /// The arrays by their names.
  var tensors: [String: Tensor] {
    let named = arrays.enumerated().map { index, array in
      let isSingle = array.precision == .float32
      return (name(index), Tensor(shape: array.shape, values: array.values, isSingle: isSingle))
    }
    return Dictionary(uniqueKeysWithValues: named)
  }

  /// DeePMD-kit's name of an array: `/variable_0000` and so on.
  private func name(_ index: Int) -> String {
    let digits = String(index)
    return "/variable_" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}

extension ModelWriter {
  /// Makes the object of a collection of `networks`, whose parameters are in `parameters`.
  ///
  /// In place of nil, a network that the model does not use, the file gets a network of zeros.
  mutating func collection(
    _ networks: [DenseNetwork?], of parameters: Parameters, dimensions: Int, types: Int,
    isFitting: Bool, activation: Activation, resnetTimestep: Bool, trainable: [Bool]
  ) -> JSONValue {
    let shape = networks.lazy.compactMap(\.self).first
    let zeros = networks.contains(nil) ? Parameters(zerosLike: parameters) : parameters
    let list = networks.map { network -> JSONValue in
      let numbers = network == nil ? zeros : parameters
      guard let network = network ?? shape else { return .null }
      return self.network(
        network, of: numbers, isFitting: isFitting, activation: activation.name,
        resnetTimestep: resnetTimestep, trainable: trainable)
    }
    return .object([
      "@class": "NetworkCollection", "@version": 1, "ndim": .integer(dimensions),
      "ntypes": .integer(types),
      "network_type": .string(isFitting ? "fitting_network" : "embedding_network"),
      "networks": .array(list),
    ])
  }

  /// Makes the object of one network.
  mutating func network(
    _ network: DenseNetwork, of parameters: Parameters, isFitting: Bool, activation: String,
    resnetTimestep: Bool, trainable: [Bool]
  ) -> JSONValue {
    let layers = zip(network.layers, trainable).map { layer, isTrainable in
      // A layer with the network's activation function keeps the network's spelling of the name.
      let name = Activation(name: activation) == layer.activation ? activation : nil
      return self.layer(
        layer, network.precision, parameters, trainable: isTrainable, activation: name)
    }
    let hidden = network.layers.map(\.outputs).dropLast(isFitting ? 1 : 0)
    var members: [String: JSONValue] = [
      "@class": .string(isFitting ? "FittingNetwork" : "EmbeddingNetwork"),
      "@version": .integer(isFitting ? 1 : 2),
      "in_dim": .integer(network.inputs),
      "neuron": .integers(Array(hidden)),
      "activation_function": .string(activation),
      "resnet_dt": .bool(resnetTimestep),
      "precision": .string(network.precision.rawValue),
      "layers": .array(layers),
    ]
    if isFitting {
      members["out_dim"] = .integer(network.outputs)
      members["bias_out"] = .bool(network.layers[network.layers.count - 1].biases != nil)
    } else {
      members["bias"] = .bool(network.layers[0].biases != nil)
    }
    return .object(members)
  }

  /// Makes the object of vectors of parameters, several by each name.
  mutating func vectors(
    _ lists: [(name: String, ranges: [Range<Int>])], _ precision: Precision,
    _ parameters: Parameters
  ) -> JSONValue {
    var members: [String: JSONValue] = [:]
    for (name, ranges) in lists {
      members[name] = .array(
        ranges.map { array(parameters[precision, $0], shape: [$0.count], precision) })
    }
    return .object(members)
  }

  /// Makes the object of a layer norm.
  mutating func layerNorm(
    weights: Range<Int>, biases: Range<Int>, _ precision: Precision, _ parameters: Parameters,
    epsilon: Double, trainable: Bool
  ) -> JSONValue {
    [
      "@class": "LayerNorm", "@version": 1, "eps": .number(epsilon),
      "trainable": .bool(trainable), "precision": .string(precision.rawValue),
      "@variables": [
        "w": array(parameters[precision, weights], shape: [weights.count], precision),
        "b": array(parameters[precision, biases], shape: [biases.count], precision),
      ],
    ]
  }

  /// Makes the object of one layer.
  mutating func layer(
    _ layer: DenseLayer, _ precision: Precision, _ parameters: Parameters, trainable: Bool,
    activation: String? = nil
  ) -> JSONValue {
    var variables: [String: JSONValue] = [
      "w": array(
        parameters[precision, layer.weights], shape: [layer.inputs, layer.outputs], precision),
      "b": .null, "idt": .null,
    ]
    for (key, range) in [("b", layer.biases), ("idt", layer.timesteps)] {
      guard let range else { continue }
      variables[key] = array(parameters[precision, range], shape: [layer.outputs], precision)
    }
    return .object([
      "@class": "Layer", "@version": 2, "bias": .bool(layer.biases != nil),
      "use_timestep": .bool(layer.timesteps != nil),
      "activation_function": .string(activation ?? layer.activation.name),
      "resnet": .bool(layer.wantsShortcut), "precision": .string(precision.rawValue),
      "trainable": .bool(trainable), "@variables": .object(variables),
    ])
  }
}
