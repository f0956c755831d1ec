import Kernels

/// One layer of DPA-3.
public struct MessageLayer: Sendable, Equatable {
  /// The layers for nodes: of themselves, of Gram matrices, of edges.
  public let nodeSelf: DenseLayer, nodeGram: DenseLayer, nodeEdge: DenseLayer
  /// The layer for edges, of themselves.
  public let edgeSelf: DenseLayer
  /// What there is besides if there are angles.
  public let angular: AngularLayers?
  /// The parameters that the updates of nodes, edges and angles are multiplied by; none unless that
  /// is how they are added.
  public let scales: UpdateScales

  /// Makes a layer of parts that are laid out already.
  public init(
    nodeSelf: DenseLayer, nodeGram: DenseLayer, nodeEdge: DenseLayer, edgeSelf: DenseLayer,
    angular: AngularLayers?, scales: UpdateScales
  ) {
    (self.nodeSelf, self.nodeGram, self.nodeEdge) = (nodeSelf, nodeGram, nodeEdge)
    (self.edgeSelf, self.angular, self.scales) = (edgeSelf, angular, scales)
  }

  /// Lays out a layer.
  init(_ options: DPA3Options, in layout: inout ParameterLayout) {
    func dense(_ key: MessageKey) -> DenseLayer {
      let (inputs, outputs) = options.widths(of: key)
      return DenseLayer(
        inputs: inputs, outputs: outputs, activation: options.activation(of: key),
        hasBias: !key.isCompression, hasTimestep: false, wantsShortcut: false,
        precision: options.precision, in: &layout)
    }
    self.init(options, dense) { layout.take($0, options.precision) }
  }

  /// Makes a layer of the parts that `dense` and `scale` give, which get a key and a width.
  package init<Failure: Error>(
    _ options: DPA3Options, _ dense: (MessageKey) throws(Failure) -> DenseLayer,
    _ scale: (Int) throws(Failure) -> Range<Int>
  ) throws(Failure) {
    let (own, gram, edge) = (try dense(.nodeSelf), try dense(.nodeGram), try dense(.nodeEdge))
    let edgeSelf = try dense(.edgeSelf)
    var angular: AngularLayers?
    if options.hasAngles {
      let narrows = options.compression != 0 && !options.seesColumns
      let nodes = narrows ? try dense(.compressedNodes) : nil
      let edges = narrows ? try dense(.compressedEdges) : nil
      angular = AngularLayers(
        nodes: nodes, edges: edges, edgeAngle: try dense(.edgeAngle),
        edgeOutput: try dense(.edgeOutput), angleSelf: try dense(.angleSelf))
    }
    var scales = UpdateScales()
    for (path, width, count) in options.scales {
      for _ in 0..<count { scales[keyPath: path].append(try scale(width)) }
    }
    self.init(
      nodeSelf: own, nodeGram: gram, nodeEdge: edge, edgeSelf: edgeSelf, angular: angular,
      scales: scales)
  }
}

/// The layers for and of angles in a layer of DPA-3.
public struct AngularLayers: Sendable, Equatable {
  /// What angles see of nodes and of edges, where it is not these or their first columns.
  public let nodes: DenseLayer?, edges: DenseLayer?
  /// The layers for edges, of angles, and for angles, of themselves.
  public let edgeAngle: DenseLayer, edgeOutput: DenseLayer, angleSelf: DenseLayer

  /// Makes them of layers that are laid out already.
  public init(
    nodes: DenseLayer?, edges: DenseLayer?, edgeAngle: DenseLayer, edgeOutput: DenseLayer,
    angleSelf: DenseLayer
  ) {
    (self.nodes, self.edges, self.edgeAngle) = (nodes, edges, edgeAngle)
    (self.edgeOutput, self.angleSelf) = (edgeOutput, angleSelf)
  }
}

/// The places of the parameters that updates are multiplied by, a vector for each update.
public struct UpdateScales: Sendable, Equatable {
  /// Those of nodes, edges and angles.
  public var nodes: [Range<Int>] = [], edges: [Range<Int>] = [], angles: [Range<Int>] = []

  /// Starts without any.
  public init() {}
}

/// The layers in a layer of DPA-3, by their names in model files.
package enum MessageKey: String, CaseIterable {
  case nodeSelf = "node_self_mlp", nodeGram = "node_sym_linear", nodeEdge = "node_edge_linear"
  case edgeSelf = "edge_self_linear", edgeAngle = "edge_angle_linear1"
  case edgeOutput = "edge_angle_linear2", angleSelf = "angle_self_linear"
  case compressedNodes = "a_compress_n_linear", compressedEdges = "a_compress_e_linear"

  /// Whether it makes what angles see; it is a matrix alone.
  package var isCompression: Bool { self == .compressedNodes || self == .compressedEdges }
}

extension DPA3Options {
  /// The widths of a layer.
  package func widths(of key: MessageKey) -> (inputs: Int, outputs: Int) {
    let nodes = types.width, pair = 2 * nodes + edgeWidth
    let triple = angleWidth + seen.nodes + 2 * seen.edges
    return switch key {
    case .nodeSelf: (nodes, nodes)
    case .nodeGram: (axisWidth * (edgeWidth + nodes), nodes)
    case .nodeEdge: (pair, messageCount * nodes)
    case .edgeSelf: (pair, edgeWidth)
    case .edgeAngle: (triple, edgeWidth)
    case .edgeOutput: (edgeWidth, edgeWidth)
    case .angleSelf: (triple, angleWidth)
    case .compressedNodes: (nodes, seen.nodes)
    case .compressedEdges: (edgeWidth, seen.edges)
    }
  }

  /// What follows a layer.
  package func activation(of key: MessageKey) -> Activation {
    key.isCompression ? .linear : activation
  }

  /// The updates that are multiplied by parameters, and their width and number.
  package var scales: [(WritableKeyPath<UpdateScales, [Range<Int>]>, width: Int, count: Int)] {
    guard update == .residual else { return [] }
    return [
      (\.nodes, types.width, 2 + messageCount), (\.edges, edgeWidth, hasAngles ? 2 : 1),
      (\.angles, angleWidth, hasAngles ? 1 : 0),
    ]
  }
}

extension MessageLayer {
  /// Its layers in the order in which they are laid out.
  package var named: [(key: MessageKey, layer: DenseLayer)] {
    let angles: [(MessageKey, DenseLayer?)] = [
      (.compressedNodes, angular?.nodes), (.compressedEdges, angular?.edges),
      (.edgeAngle, angular?.edgeAngle), (.edgeOutput, angular?.edgeOutput),
      (.angleSelf, angular?.angleSelf),
    ]
    return [
      (.nodeSelf, nodeSelf), (.nodeGram, nodeGram), (.nodeEdge, nodeEdge), (.edgeSelf, edgeSelf),
    ] + angles.compactMap { key, layer in layer.map { (key, $0) } }
  }
}

extension UpdateScales {
  /// Its lists by their names in model files.
  package var named: [(key: String, ranges: [Range<Int>])] {
    Array(zip(Self.names, [nodes, edges, angles]))
  }
  /// These names.
  package static let names = ["n_residual", "e_residual", "a_residual"]
}

extension MessageLayer {
  /// The same layer with places of its own in `layout`.
  func laidOut(_ precision: Precision, in layout: inout ParameterLayout) -> MessageLayer {
    func dense(_ layer: DenseLayer) -> DenseLayer { layer.laidOut(precision, in: &layout) }
    func take(_ ranges: [Range<Int>]) -> [Range<Int>] {
      ranges.map { layout.take($0.count, precision) }
    }
    let (own, gram, edge) = (dense(nodeSelf), dense(nodeGram), dense(nodeEdge))
    let edgeSelf = dense(edgeSelf)
    var angular: AngularLayers?
    if let old = self.angular {
      let nodes = old.nodes.map(dense), edges = old.edges.map(dense)
      angular = AngularLayers(
        nodes: nodes, edges: edges, edgeAngle: dense(old.edgeAngle),
        edgeOutput: dense(old.edgeOutput), angleSelf: dense(old.angleSelf))
    }
    var scales = UpdateScales()
    (scales.nodes, scales.edges) = (take(self.scales.nodes), take(self.scales.edges))
    scales.angles = take(self.scales.angles)
    return MessageLayer(
      nodeSelf: own, nodeGram: gram, nodeEdge: edge, edgeSelf: edgeSelf, angular: angular,
      scales: scales)
  }
}
