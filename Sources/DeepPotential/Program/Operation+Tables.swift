/// What of a frame an operation reads, its views apart.
extension Operation {
  /// The index tables that it names.
  var tables: [TableID] {
    let own: [TableID?] =
      switch self {
      case .geometry(let op): [op.edges, op.statistics]
      case .bilinear(let op): [op.to]
      case .sum(let op): [op.to]
      case .map, .normalize: []
      case .softmax(let op): [op.segment]
      case .table(let op): [op.table.types?.rows]
      case .moments(let op): [op.edges, op.atoms, op.table.types?.rows]
      case .attention(let op): [op.atoms, op.edges]
      case .message(let op): [op.to]
      case .pairEnergy(let op): [op.edges, op.atoms, op.types]
      }
    return own.compactMap { $0 } + inputs.compactMap(\.table)
  }

  /// The row weights that it names.
  var weights: [WeightID] {
    switch self {
    case .bilinear(let op): [op.weight].compactMap { $0 }
    case .sum(let op): op.terms.compactMap(\.weight)
    case .softmax(let op): [op.extra].compactMap { $0 }
    case .attention(let op): [op.empty]
    case .moments(let op): [op.counts]
    case .geometry, .map, .normalize, .table, .message, .pairEnergy: []
    }
  }
}
