extension EnergyModel {
  /// Which neighbors atoms have, and in which slots; of a hybrid those that its parts choose from.
  public var neighborRule: NeighborRule {
    descriptor.options.neighborRule(
      typeCount: descriptor.typeCount, excludedPairs: excludedPairs)
  }
}
