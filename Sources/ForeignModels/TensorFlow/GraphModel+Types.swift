import Files
import Kernels

/// The net of type embeddings, which TensorFlow may give several layers and any activation
/// function.
extension GraphModel {
  /// A net of one linear layer that gives the type embeddings: the one of the graph, or one whose
  /// matrix has the embeddings as rows.
  func typeEmbedding() throws -> Network {
    let wanted = input["type_embedding"]?["activation_function"]?.text
    for scope in graph.scopes(startingWith: "type_embed_net") {
      guard let network = try graph.network(scope, "", wanted: wanted) else { continue }
      let electrons = try electrons(scope)
      return try electrons == nil && network.isLinearLayer
        ? network : network.table(of: electrons ?? unitVectors(types))
    }
    throw Unreadable("has the descriptor se_atten, but no net of type embeddings")
  }

  /// The numbers that the net in `scope` takes for each type, if they are electrons of elements;
  /// nil if they are unit vectors.
  private func electrons(_ scope: String) throws -> [[Double]]? {
    let products = graph.uses(of: "\(scope)/matrix_1").filter { $0.operation == "MatMul" }
    guard let name = products.first?.inputs.first, var node = graph.source(name) else { return nil }
    if node.operation == "Reshape", let input = node.inputs.first.flatMap(graph.source) {
      node = input
    }
    guard let table = try graph.tensor(node.name) else { return nil }
    guard table.shape.count == 2, table.shape[0] >= types else {
      throw Unreadable("has type embeddings of \(table.shape), which are not for \(types) types")
    }
    let width = table.shape[1]
    return (0..<types).map { Array(table.values[$0 * width..<($0 + 1) * width]) }
  }
}

private func unitVectors(_ count: Int) -> [[Double]] {
  (0..<count).map { type in (0..<count).map { $0 == type ? 1 : 0 } }
}

extension Network {
  /// Whether it is one linear layer, as type embeddings of other programs are.
  fileprivate var isLinearLayer: Bool {
    layers.count == 1 && layers[0].timesteps == nil && ["none", "linear"].contains(activation)
  }

  /// A net of one linear layer that gives for the unit vector `k` what this one gives for
  /// `inputs[k]`.
  fileprivate func table(of inputs: [[Double]]) throws -> Network {
    let rows = try inputs.map { input in
      try layers.reduce(input) { try $1.output(of: $0) }
    }
    let weights = Tensor(shape: [rows.count, outputs], values: rows.flatMap(\.self))
    return try Network([Layer(weights.stored(asSingle: isSingle), nil)])
  }
}

extension Layer {
  /// What the layer gives for `input`: `activation(x w + b) * idt`, and the shortcut.
  fileprivate func output(of input: [Double]) throws -> [Double] {
    guard input.count == inputs else { throw Unreadable("has type embeddings of another width") }
    guard let function = Activation(name: activation) else {
      throw Unreadable("has type embeddings with the activation function '\(activation)'")
    }
    let width = outputs
    return (0..<width).map { column in
      let sum = input.indices.reduce(biases?.values[column] ?? 0) {
        $0 + input[$1] * weights.values[$1 * width + column]
      }
      let value = function.jet(sum).value * (timesteps?.values[column] ?? 1)
      let isPassed = hasShortcut && (width == inputs || width == 2 * inputs)
      return isPassed ? value + input[column % inputs] : value
    }
  }
}
