import DeepPotential
import Kernels

/// One matrix or vector among the parameters of a model.
struct ParameterTensor {
  let precision: Precision
  /// Its places in the vector of its precision; a matrix lies there row by row.
  let range: Range<Int>
  /// The width of a row.
  let columns: Int

  var count: Int { range.count }

  /// The places of its numbers column by column, counted with the float64 vector first.
  func columnMajorPlaces(float64Count: Int) -> [Int] {
    let start = range.lowerBound + (precision == .float64 ? 0 : float64Count)
    let rows = count / columns
    return (0..<columns).flatMap { column in
      (0..<rows).map { start + $0 * columns + column }
    }
  }
}

extension EnergyModel {
  /// All matrices and vectors that training changes, in the order of the model file.
  var trainableTensors: [ParameterTensor] {
    var layers: [(layer: DenseLayer, precision: Precision)] = []
    switch descriptor {
    case .seE2A(let descriptor) where descriptor.options.trainable:
      for network in descriptor.embeddings {
        layers += network.layers.map { ($0, network.precision) }
      }
    case .seE2A: break
    }
    for network in fitting.networks {
      for (layer, isTrainable) in zip(network.layers, fitting.options.trainable) where isTrainable {
        layers.append((layer, network.precision))
      }
    }
    return layers.flatMap { layer, precision in
      [layer.weights, layer.biases, layer.timesteps].compactMap(\.self).map {
        ParameterTensor(
          precision: precision, range: $0, columns: $0 == layer.weights ? layer.outputs : 1)
      }
    }
  }
}
