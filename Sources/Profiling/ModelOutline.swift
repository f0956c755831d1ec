import DeepPotential
import Kernels

/// What decides how much work a model is.
public struct ModelOutline: Sendable, Equatable {
  /// Kind of the descriptor.
  public let descriptor: String
  /// Names of the types, neighbor slots per type (`sel`).
  public let typeMap: [String], slots: [Int]
  /// Widths of the embedding nets and of the fitting nets, from input to output; axis width
  /// (`axis_neuron`).
  public let embedding: [Int], axisWidth: Int, fitting: [Int]
  /// Number formats of the descriptor and the fitting nets.
  public let descriptorPrecision: Precision, fittingPrecision: Precision
  /// Numbers in all nets.
  public let parameters: Int

  /// Sums up `model`.
  public init(_ model: EnergyModel) {
    let embeddings: [DenseNetwork]
    switch model.descriptor {
    case .seE2A(let part):
      embeddings = part.embeddings
      descriptor = "se_e2_a"
      axisWidth = part.options.axisWidth
      embedding = ModelOutline.widths(part.embeddings)
      descriptorPrecision = part.options.precision
    }
    typeMap = model.typeMap
    slots = model.descriptor.slots
    fitting = ModelOutline.widths(model.fitting.networks)
    fittingPrecision = model.fitting.options.precision
    parameters = (embeddings + model.fitting.networks).flatMap(\.layers).reduce(0) {
      $0 + $1.weights.count + ($1.biases?.count ?? 0) + ($1.timesteps?.count ?? 0)
    }
  }

  private static func widths(_ networks: [DenseNetwork]) -> [Int] {
    networks.first.map { [$0.inputs] + $0.layers.map(\.outputs) } ?? []
  }
}
