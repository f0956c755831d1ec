import DeepPotential
import Kernels

extension ProgramStep {
  /// The models that pass messages.
  static func messagePassing() -> [ProgramStep] {
    [dpa3(Float.self, keeps: false), dpa3(Float.self, keeps: true)]
  }

  /// Both sweeps of DPA-3 as in DeePMD-kit's water example: six layers, 128 numbers for an atom, 64
  /// for an edge, 32 for an angle.
  static func dpa3<Scalar: NetworkScalar>(_ scalar: Scalar.Type, keeps: Bool) -> ProgramStep {
    let precision = Scalar.precision
    var layout = ParameterLayout()
    var builder = ProgramBuilder(typeCount: 2)
    let sources = dpa3(precision, in: &layout).emit(into: &builder)
    let net = DenseNetwork(
      inputs: 128, hidden: [240, 240, 240], output: 1, activation: .tanh, resnetTimestep: false,
      precision: precision, in: &layout)
    let result = builder.network("fitting", sources, net, rows: .atom)
    let program = Program(
      builder, result: result, cutoff: 6, neighborLimit: 120, biases: [0, 0], tileSize: 4)
    var parameters = Parameters(zerosFor: layout)
    for k in parameters.float64.indices { parameters.float64[k] = 0.03 * Double(k % 7 - 3) }
    for k in parameters.float32.indices { parameters.float32[k] = 0.03 * Float(k % 7 - 3) }
    return time(scalar, program, parameters, way: "DPA-3" + (keeps ? ", kept" : ""), keeps: keeps)
  }

  private static func dpa3(_ precision: Precision, in layout: inout ParameterLayout) -> DPA3 {
    let silut = Activation(name: "silut:10.0") ?? .tanh
    func dense(_ inputs: Int, _ outputs: Int, _ activation: Activation) -> DenseLayer {
      DenseLayer(
        inputs: inputs, outputs: outputs, activation: activation, hasBias: true,
        hasTimestep: false, wantsShortcut: false, precision: precision, in: &layout)
    }
    let types = DenseNetwork(
      precision: precision,
      layers: [
        DenseLayer(
          inputs: 2, outputs: 128, activation: .linear, hasBias: false, hasTimestep: false,
          wantsShortcut: false, precision: precision, in: &layout)
      ])
    let (n, e, a) = (128, 64, 32)
    let edge = dense(1, e, .linear), angle = dense(1, a, .linear)
    let layers = (0..<6).map { _ in
      let angles = a + a + 2 * (a / 2 * 2)
      func residuals(_ widths: [Int]) -> [Range<Int>] { widths.map { layout.take($0, precision) } }
      var layer = MessageLayer(
        axisWidth: 4, compression: .columns(nodes: a, edges: a / 2 * 2),
        update: .residual(
          nodes: residuals([n, n, n]), edges: residuals([e, e]), angles: residuals([a])),
        nodeSelf: dense(n, n, silut), nodeGram: dense(4 * (n + e), n, silut),
        nodeEdge: dense(2 * n + e, n, silut), edgeSelf: dense(2 * n + e, e, silut))
      layer.angular = (
        dense(angles, e, silut), dense(e, e, silut), dense(angles, a, silut)
      )
      return layer
    }
    var descriptor = DPA3(
      edges: .init(innerCutoff: 5.3, outerCutoff: 6, slots: 120),
      angles: .init(innerCutoff: 3.5, outerCutoff: 4, slots: 30), activation: silut,
      typeEmbedding: types, edgeEmbedding: edge, angleEmbedding: angle, layers: layers,
      mean: Array(repeating: 0, count: 2 * 120 * 4), deviation: Array(repeating: 1, count: 960))
    descriptor.slotDivisor = 10
    return descriptor
  }
}
