import DeepPotential

extension ModelOptions {
  /// The keys of a model that belong to neither the descriptor nor the fitting net.
  ///
  /// `types` is the number of types, nil if it is not known.
  package static func keys(types: Int?) -> [Key<ModelOptions>] {
    [
      Key(
        "pair_exclude_types", \.excludedPairs, .pairs(below: types), in: .allButOldModels,
        "pairs of types that are not neighbors: their slots stay empty"),
      Key(
        "atom_exclude_types", \.excludedAtomTypes, .types(below: types), in: .allButOldModels,
        "types whose atoms have no energy"),
    ]
  }
}
