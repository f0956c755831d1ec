extension EnergyModel {
  /// The rule that chooses the neighbors of atoms and their slots.
  public var neighborRule: NeighborRule {
    descriptor.any.neighborRule(excludedPairs: excludedPairs)
  }
}
