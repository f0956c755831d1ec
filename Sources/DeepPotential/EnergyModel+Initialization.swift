import Kernels
import Random
import Synchronization

extension EnergyModel {
  /// Draws all parameters as DeePMD-kit does: weights from N(0, 1/(inputs + outputs)), biases from N(0, 1),
  /// timesteps from N(0.1, 0.001²); each number depends on `seed` and its place alone.
  public mutating func initialize(seed: UInt64, threads: Int = 1) {
    let networks =
      switch descriptor {
      case .seE2A(let part): part.embeddings + fitting.networks
      }
    let drawn = Mutex([Int: [(Range<Int>, [Double])]]())
    forEachItem(below: networks.count, workers: threads) { index, _ in
      let random = CounterRandom(seed: seed, purpose: "parameters", step: UInt64(index))
      let numbers = networks[index].initialNumbers(random)
      drawn.withLock { $0[index] = numbers }
    }
    for (index, numbers) in drawn.withLock({ $0 }) {
      for (range, values) in numbers { parameters[networks[index].precision, range] = values }
    }
  }
}

extension DenseNetwork {
  /// Where the parameters of all layers stand, and what they are at first.
  fileprivate func initialNumbers(_ random: CounterRandom) -> [(Range<Int>, [Double])] {
    var random = random, numbers: [(Range<Int>, [Double])] = []
    for layer in layers {
      func draw(_ range: Range<Int>?, mean: Double, deviation: Double) {
        guard let range else { return }
        numbers.append((range, range.map { _ in mean + deviation * random.normal() }))
      }
      draw(
        layer.weights, mean: 0, deviation: 1 / Double(layer.inputs + layer.outputs).squareRoot())
      draw(layer.biases, mean: 0, deviation: 1)
      draw(layer.timesteps, mean: 0.1, deviation: 0.001)
    }
    return numbers
  }
}
