extension EnergyModel {
  /// Which neighbors atoms have, and in which slots.
  public var neighborRule: NeighborRule {
    switch descriptor {
    case .seE2A(let part): part.options.neighborRule(excludedPairs: excludedPairs)
    }
  }
}

extension SeE2AOptions {
  /// Which neighbors atoms have, and in which slots, in a model in which `excludedPairs` of types
  /// are no neighbors.
  public func neighborRule(excludedPairs: [[Int]] = []) -> NeighborRule {
    NeighborRule(
      .ofEachType(slots), typeCount: slots.count, cutoff: outerCutoff,
      excludedPairs: excludedPairs, hiddenPairs: self.excludedPairs)
  }
}
