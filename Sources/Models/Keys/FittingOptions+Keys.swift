import DeepPotential
import Files
import Kernels

extension FittingOptions {
  /// The keys of a fitting net `ener`; `types` is the number of types, nil if it is not known.
  package static func keys(types: Int?) -> [Key<FittingOptions>] {
    [
      Key(
        "neuron", or: ["n_neuron"], \.neuron, .widths, "widths of the hidden layers",
        modelKind: .anyWidths),
      Key("activation_function", \.activation, .activation, "as above"),
      Key("resnet_dt", \.resnetTimestep, .bool, "as above"),
      Key("precision", \.precision, .precision, "as above", modelKind: .precisionInModels),
      Key(
        "numb_fparam", \.frameParameters, .size(from: 0),
        "numbers per frame (`fparam.npy`) that the nets take"),
      Key(
        "numb_aparam", \.atomParameters, .size(from: 0),
        "numbers per atom (`aparam.npy`) that the nets take"),
      Key(
        "default_fparam", \.defaultFrameParameters, in: .allButOldModels,
        "`numb_fparam` numbers for data without `fparam.npy`; kept in the model, so that evaluation and clients may leave"
          + " `fparam` out too",
        modelKind: { .defaults($0.frameParameters, mayBeLeftOver: true) }
      ) { .defaults($0.frameParameters, mayBeLeftOver: false) },
      Key(
        "trainable", \.trainable, in: .allButOldModels,
        "true, false, or one value per layer, the output layer last"
      ) { .layers($0.neuron.count + 1) },
      Key(
        "rcond", \.singularCutoff, ValueKind<Double>.nonNegative.orNull, in: .allButOldModels,
        "singular values below this times the largest are dropped in the fit of the energy bias",
        modelKind: ValueKind<Double>.number.orNull),
      Key(
        "atom_ener", \.atomEnergies, in: .allButOldModels,
        "energy of an isolated atom by type in eV, or null; the net's value without neighbors is then subtracted",
        modelKind: { _ in .atomEnergies(types: types, mayBeShort: true) }
      ) { _ in .atomEnergies(types: types, mayBeShort: false) },
      Key("exclude_types", \.excludedTypes, .types(below: types), in: .modelsOnly),
    ]
  }
}
