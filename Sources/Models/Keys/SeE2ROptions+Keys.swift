import DeepPotential
import Files

extension SeE2ROptions {
  /// The keys of a descriptor `se_e2_r`; `types` is the number of types, nil if it is not known.
  package static func keys(types: Int?) -> [Key<SeE2ROptions>] {
    LocalOptions.keys(types: types).map { $0.within(\.local) } + [
      // Of inputs the key is not taken: DeePMD-kit has nets of neighbor types whatever it says.
      Key("type_one_side", \.typeOneSide, .bool, in: .modelsOnly)
    ]
  }
}
