/// A layer of a network in a model of another program: `y = activation(x w + b) * idt`, and a
/// shortcut around it.
struct Layer {
  var weights: Tensor
  var biases: Tensor?
  var timesteps: Tensor?
  var activation: String
  var hasShortcut: Bool

  /// Makes a layer; throws if the arrays do not fit each other.
  init(
    _ weights: Tensor, _ biases: Tensor?, _ timesteps: Tensor? = nil, activation: String = "none",
    hasShortcut: Bool = false
  ) throws {
    guard weights.shape.count == 2, weights.shape.allSatisfy({ $0 > 0 }) else {
      throw Unreadable("has a layer whose matrix has the shape \(weights.shape)")
    }
    (self.weights, self.biases, self.timesteps) = (weights, biases?.row, timesteps?.row)
    (self.activation, self.hasShortcut) = (activation, hasShortcut)
    for row in [self.biases, self.timesteps] {
      guard row == nil || row?.values.count == outputs else {
        throw Unreadable("has a layer with \(outputs) outputs, but a row of \(row?.shape ?? [])")
      }
    }
    // TensorFlow keeps a timestep where there is no shortcut, and never uses it.
    if hasShortcut, outputs != inputs, outputs != 2 * inputs { self.timesteps = nil }
  }

  var inputs: Int { weights.shape[0] }
  var outputs: Int { weights.shape[1] }
}

/// The layers of a network in a model of another program, at least one.
struct Network {
  var layers: [Layer]

  init(_ layers: [Layer]) throws {
    for (layer, next) in zip(layers, layers.dropFirst()) where layer.outputs != next.inputs {
      throw Unreadable("has a network whose layers do not fit each other")
    }
    guard !layers.isEmpty else { throw Unreadable("has a network without layers") }
    self.layers = layers
  }

  var inputs: Int { layers[0].inputs }
  var outputs: Int { layers[layers.count - 1].outputs }
  var widths: [Int] { layers.map(\.outputs) }
  var isSingle: Bool { layers[0].weights.isSingle }
  var precision: String { layers[0].weights.precision }
  var activation: String { layers[0].activation }
  var hasTimesteps: Bool { layers.contains { $0.timesteps != nil } }

  /// A network of the same widths that gives 0 for all inputs.
  ///
  /// It has no shortcuts, which would pass the input on.
  var zero: Network {
    var network = self
    for index in layers.indices {
      let layer = layers[index]
      network.layers[index].weights = Tensor(
        repeating: 0, shape: layer.weights.shape, isSingle: isSingle)
      network.layers[index].biases = Tensor(
        repeating: 0, shape: [layer.outputs], isSingle: isSingle)
      network.layers[index].timesteps = nil
      network.layers[index].hasShortcut = false
    }
    network.layers[layers.count - 1].activation = "none"
    return network
  }

  /// A network of the same widths that gives for all inputs what this one gives for 0.
  var constant: Network {
    var network = self
    network.layers[0].weights = Tensor(
      repeating: 0, shape: layers[0].weights.shape, isSingle: isSingle)
    network.layers[0].hasShortcut = false
    return network
  }
}
