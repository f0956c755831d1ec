import Kernels
import Random
import Synchronization

extension EnergyModel {
  /// Draws all parameters from the distributions of DeePMD-kit.
  ///
  /// Weights are from N(0, 1/(inputs + outputs)), biases from N(0, 1), timesteps from
  /// N(0.1, 0.001²); the factors of layer norms are 1, their offsets 0; what updates are multiplied
  /// by begins as the descriptor says.  Each number depends on `seed` and its place alone, not on
  /// the number of threads.
  public mutating func initialize(seed: UInt64, threads: Int = 1) {
    let tensors = tensors
    // Each network has a sequence of random numbers, from which its tensors draw one after the
    // other.
    let networks = tensors.chunked { $0.network == $1.network }
    let drawn = Mutex([Int: [[Double]]]())
    forEachItem(below: networks.count, workers: threads) { index, _ in
      var random = CounterRandom(
        seed: seed, purpose: "parameters", step: UInt64(networks[index][0].network))
      let numbers = networks[index].map { $0.initialNumbers(&random) }
      drawn.withLock { $0[index] = numbers }
    }
    for (index, numbers) in drawn.withLock({ $0 }) {
      for (tensor, values) in zip(networks[index], numbers) {
        parameters[tensor.precision, tensor.range] = values
      }
    }
  }
}

extension ParameterTensor {
  /// The initial numbers of the tensor.
  fileprivate func initialNumbers(_ random: inout CounterRandom) -> [Double] {
    let (mean, deviation): (Double, Double) =
      if let initial { (initial.mean, initial.deviation) } else { usual }
    if let initial, initial.isUniform {
      let reach = initial.deviation * 3.0.squareRoot()
      return range.map { _ in initial.mean + reach * (2 * random.uniform() - 1) }
    }
    if deviation == 0 { return range.map { _ in mean } }
    return range.map { _ in mean + deviation * random.normal() }
  }

  /// Mean and deviation that follow from the meaning.
  private var usual: (mean: Double, deviation: Double) {
    switch name.role {
    case .normWeights: (1, 0)
    case .normBiases: (0, 0)
    case .weights: (0, 1 / Double(rows + columns).squareRoot())
    case .biases: (0, 1)
    case .timesteps: (0.1, 0.001)
    case .updateScale: (1, 0)
    }
  }
}

extension Array {
  /// Cuts the array between adjacent elements that do not `belong` together.
  fileprivate func chunked(_ belong: (Element, Element) -> Bool) -> [[Element]] {
    var chunks: [[Element]] = []
    for element in self {
      if let last = chunks.last?.last, belong(last, element) {
        chunks[chunks.count - 1].append(element)
      } else {
        chunks.append([element])
      }
    }
    return chunks
  }
}
