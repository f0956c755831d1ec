import DeepPotential
import Files
import Kernels
import Testing

/// What descriptors with type embeddings and all models have.
extension ArrayReader {
  mutating func typeEmbedding(_ node: JSONValue, _ path: String) throws -> DenseNetwork {
    let inside = try #require(node["type_embedding"]?["embedding"])
    return try network(inside, "\(path)/type_embedding/embedding")
  }

  mutating func fitting(_ node: JSONValue) throws -> EnergyFitting {
    let nets = try networks(node, "nets", "model/fitting")
    return EnergyFitting(
      FittingOptions(neuron: nets[0].layers.dropLast().map(\.outputs)), networks: nets,
      typeCount: root["model"]?["type_map"]?.elements.count, isShared: nets.count == 1)
  }
}
