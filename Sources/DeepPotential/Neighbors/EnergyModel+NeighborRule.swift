extension EnergyModel {
  /// The rule that chooses the neighbors of atoms and their slots; the parts of a hybrid choose
  /// from these neighbors by rules of their own.
  public var neighborRule: NeighborRule {
    let rule = descriptor.options.neighborRule(
      typeCount: descriptor.typeCount, excludedPairs: excludedPairs)
    return truncatesByType ? rule.inModel(nearest: neighborLimit, excludedPairs: []) : rule
  }
}
