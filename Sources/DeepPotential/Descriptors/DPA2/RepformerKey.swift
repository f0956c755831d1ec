import Kernels

/// The dense layers in a layer of DPA-2, by their places in model files.
package enum RepformerKey: String {
  case nodeOutput = "linear1", edgeSelf = "linear2", nodeSelf = "g1_self_mlp"
  case convolution = "proj_g1g2", nodeProduct = "proj_g1g1g2"
  case edgeQueryKey = "attn2g_map/mapqk", edgeValue = "attn2_mh_apply/mapv"
  case edgeHeads = "attn2_mh_apply/head_map", directions = "attn2_ev_apply/head_map"
  case nodeQuery = "loc_attn/mapq", nodeKeyValue = "loc_attn/mapkv"
  case nodeHeads = "loc_attn/head_map"

  /// Whether its output, with the function of updates, is an update.
  package var isUpdate: Bool { [.nodeOutput, .edgeSelf, .nodeSelf].contains(self) }
  /// Whether it has biases.
  package var hasBias: Bool { isUpdate || self == .edgeHeads || self == .nodeHeads }
}

/// The vectors of parameters in a layer of DPA-2 that belong to no dense layer.
package enum RepformerVector {
  /// Those of the layer norm.
  case normWeights, normBiases
  /// What the update of this number is multiplied by.
  case scale(RepformerScales, Int)
}

/// The lists of what updates are multiplied by, by their names in model files.
package enum RepformerScales: String {
  case nodes = "g1_residual", edges = "g2_residual", directions = "h2_residual"
}

extension RepformerOptions {
  /// The widths of a layer.
  package func widths(of key: RepformerKey) -> (inputs: Int, outputs: Int) {
    let (n, e) = (nodeWidth, edgeWidth), (ofNodes, ofEdges) = (nodeAttention, edgeAttention)
    return switch key {
    case .nodeOutput: (nodeInputs, n)
    case .edgeSelf: (e, e)
    case .nodeSelf: (n, n)
    case .convolution: separatesConvolution ? (e, n) : (n, e)
    case .nodeProduct: (n, e)
    case .edgeQueryKey: (e, 2 * ofEdges.width * ofEdges.count)
    case .edgeValue: (e, e * ofEdges.count)
    case .edgeHeads: (e * ofEdges.count, e)
    case .directions: (ofEdges.count, 1)
    case .nodeQuery: (n, ofNodes.width * ofNodes.count)
    case .nodeKeyValue: (n, (ofNodes.width + n) * ofNodes.count)
    case .nodeHeads: (n * ofNodes.count, n)
    }
  }

  /// What follows a layer.
  package func activation(of key: RepformerKey) -> Activation {
    key.isUpdate ? activation : .linear
  }

  /// Width of what the last layer of a node's update takes.
  package var nodeInputs: Int {
    (separatesSelf ? 0 : nodeWidth) + (hasConvolution && !separatesConvolution ? edgeWidth : 0)
      + (hasEdgeGram ? edgeWidth * axisWidth : 0) + (hasNodeGram ? nodeWidth * axisWidth : 0)
  }

  /// How many updates of nodes, edges and directions are multiplied by parameters.
  package func scaleCounts(isLast: Bool) -> (nodes: Int, edges: Int, directions: Int) {
    guard style == .residual else { return (0, 0, 0) }
    func count(_ parts: Bool...) -> Int { parts.count(where: \.self) }
    let nodes = count(
      true, separatesSelf, hasConvolution && separatesConvolution, hasNodeAttention)
    if isLast { return (nodes, 0, 0) }
    return (nodes, count(true, hasNodeProduct, hasEdgeAttention), count(updatesDirections))
  }
}

extension RepformerLayer {
  /// Its dense layers in the order in which they are laid out.
  package var named: [(key: RepformerKey, layer: DenseLayer)] {
    let mixing = edgeAttention?.edges
    let all: [(RepformerKey, DenseLayer?)] = [
      (.nodeOutput, nodeOutput), (.edgeSelf, edgeSelf), (.nodeSelf, nodeSelf),
      (.convolution, convolution), (.nodeProduct, nodeProduct),
      (.edgeQueryKey, edgeAttention?.queryKey), (.edgeValue, mixing?.value),
      (.edgeHeads, mixing?.output), (.directions, edgeAttention?.directions),
      (.nodeQuery, nodeAttention?.query), (.nodeKeyValue, nodeAttention?.keyValue),
      (.nodeHeads, nodeAttention?.output),
    ]
    return all.compactMap { key, layer in layer.map { (key, $0) } }
  }

  /// Its lists of what updates are multiplied by.
  package var scales: [(list: RepformerScales, ranges: [Range<Int>])] {
    [(.nodes, nodeScales), (.edges, edgeScales), (.directions, directionScales)]
  }
}
