import DeepPotential
import Kernels

extension ProgramStep {
  /// Both sweeps of DPA-1 as in DeePMD-kit's water example, with `layers` attention layers of 128.
  static func dpa1(layers: Int, tileSize: Int) -> ProgramStep {
    var layout = ParameterLayout(), builder = ProgramBuilder(typeCount: 2)
    let descriptor = waterDPA1(layers: layers, in: &layout)
    let sources = descriptor.emit(into: &builder)
    let fit = DenseNetwork(
      inputs: 1608, hidden: [240, 240, 240], output: 1, activation: .tanh, resnetTimestep: true,
      precision: .float64, in: &layout)
    let fitting = EnergyFitting(FittingOptions(neuron: [240, 240, 240]), networks: [fit])
    let energy = fitting.emit(into: &builder, on: sources)
    let program = Program(
      builder, result: energy, cutoff: 6, neighborLimit: 120, biases: [0, 0],
      tileSize: tileSize)
    var parameters = Parameters(zerosFor: layout)
    for k in parameters.float64.indices { parameters.float64[k] = 0.05 * Double(k % 7 - 3) }
    return time(
      Double.self, program, parameters, way: "DPA-1, \(layers) attention layers", keeps: false)
  }

  private static func waterDPA1(layers: Int, in layout: inout ParameterLayout) -> DPA1 {
    func net(_ inputs: Int, _ hidden: [Int], _ layout: inout ParameterLayout) -> DenseNetwork {
      DenseNetwork(
        inputs: inputs, hidden: hidden, output: nil, activation: .tanh, resnetTimestep: false,
        precision: .float64, in: &layout)
    }
    func layer(_ inputs: Int, _ outputs: Int, _ layout: inout ParameterLayout) -> DenseLayer {
      DenseLayer(
        inputs: inputs, outputs: outputs, activation: .linear, hasBias: true, hasTimestep: false,
        wantsShortcut: false, precision: .float64, in: &layout)
    }
    let types = net(2, [8], &layout), embedding = net(17, [25, 50, 100], &layout)
    var descriptor = DPA1(
      innerCutoff: 0.5, outerCutoff: 6, slots: [120], axisWidth: 16, typeEmbedding: types,
      embedding: embedding, gate: nil, mean: Array(repeating: 0, count: 960),
      deviation: Array(repeating: 0.1, count: 960))
    for _ in 0..<layers {
      descriptor.attention.append(
        AttentionLayer(
          projection: layer(100, 384, &layout), output: layer(128, 100, &layout),
          normWeights: layout.take(100, .float64), normBiases: layout.take(100, .float64),
          epsilon: 1e-5, scale: 1, normalizes: true, isSmooth: true, usesAngles: true))
    }
    return descriptor
  }
}
