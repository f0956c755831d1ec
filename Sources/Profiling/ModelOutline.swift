import DeepPotential
import Kernels
import Models

/// The properties of a model that decide its amount of work.
public struct ModelOutline: Sendable, Equatable {
  /// The kind of the descriptor.
  public let descriptor: String
  /// The names of the types, and the neighbor slots (`sel`) of each of the descriptor's lists.
  public let typeMap: [String], slots: [[Int]]
  /// The widths of the embedding nets, of each part of a hybrid, and of the fitting nets, from
  /// input to output; the axis width (`axis_neuron`), if there is one.
  public let embedding: [[Int]], axisWidth: Int?, fitting: [Int]
  /// Whether those of the embedding nets are widths of nodes, edges and angles.
  public let hasMessages: Bool
  /// The number formats of the descriptor and of the fitting nets.
  public let descriptorPrecision: Precision, fittingPrecision: Precision
  /// The number of parameters in all nets.
  public let parameters: Int
  /// How the embedding nets are evaluated.
  public let tables: TableUse

  /// Reads the properties of `model`, whose embedding nets are evaluated as `tables` says.
  public init(_ model: EnergyModel, tables: TableUse) {
    self.tables = tables
    let options = model.descriptor.options
    descriptor = options.name
    axisWidth = options.axisWidth
    embedding = model.descriptor.parts.map { part in
      let nets = part.wrapped.embeddings
      if nets.isEmpty, let messages = part.wrapped.messages { return messages.widths }
      return nets.isEmpty ? [1, part.options.neuron.last ?? 0] : ModelOutline.widths(nets)
    }
    descriptorPrecision = options.precision
    hasMessages = model.descriptor.embeddings.isEmpty && model.descriptor.messages != nil
    typeMap = model.typeMap
    slots = options.listSlots
    fitting = ModelOutline.widths(model.fitting.networks)
    fittingPrecision = model.fitting.options.precision
    parameters = model.tensors.reduce(0) { $0 + $1.count }
  }

  private static func widths(_ networks: [DenseNetwork]) -> [Int] {
    networks.first.map { [$0.inputs] + $0.layers.map(\.outputs) } ?? []
  }
}
