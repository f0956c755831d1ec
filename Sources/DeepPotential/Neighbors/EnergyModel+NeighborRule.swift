extension EnergyModel {
  /// Which neighbors atoms have, and in which slots.
  public var neighborRule: NeighborRule {
    descriptor.any.neighborRule(excludedPairs: excludedPairs)
  }
}
