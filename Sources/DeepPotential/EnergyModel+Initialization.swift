import Kernels
import Random

extension EnergyModel {
  /// Draws all parameters as DeePMD-kit does: weights from N(0, 1/(inputs + outputs)), biases from N(0, 1),
  /// timesteps from N(0.1, 0.001²); each number depends on `seed` and its place alone.
  public mutating func initialize(seed: UInt64) {
    let networks =
      switch descriptor {
      case .seE2A(let part): part.embeddings + fitting.networks
      }
    for (index, network) in networks.enumerated() {
      var random = CounterRandom(seed: seed, purpose: "parameters", step: UInt64(index))
      for layer in network.layers {
        func draw(_ range: Range<Int>, mean: Double, deviation: Double) {
          parameters[network.precision, range] = range.map { _ in
            mean + deviation * random.normal()
          }
        }
        draw(
          layer.weights, mean: 0, deviation: 1 / Double(layer.inputs + layer.outputs).squareRoot())
        if let biases = layer.biases { draw(biases, mean: 0, deviation: 1) }
        if let timesteps = layer.timesteps { draw(timesteps, mean: 0.1, deviation: 0.001) }
      }
    }
  }
}
