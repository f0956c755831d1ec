import DeepPotential
import Files

extension SeE3Options {
  /// The keys of a descriptor `se_e3`; `types` is the number of types, nil if it is not known.
  package static func keys(types: Int?) -> [Key<SeE3Options>] {
    LocalOptions.keys(types: types).map { $0.within(\.local) }
  }
}
