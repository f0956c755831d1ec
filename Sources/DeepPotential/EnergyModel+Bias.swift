extension EnergyFitting {
  /// Whether atoms of `type` get `net(D) - net(0)` instead of `net(D)` from their net.
  func subtractsVacuum(of type: Int) -> Bool {
    type < options.atomEnergies.count && options.atomEnergies[type] != nil
  }
}

extension EnergyModel {
  /// What an atom of `type` has besides the numbers of the nets, `[width]`; zeros for types without
  /// a value.
  ///
  /// Only energies have the nets' own bias in it; that of other outputs, and of nets that pair
  /// potentials share the energy with, goes through all that their nets' numbers go through.
  func biases(of type: Int) -> [Double] {
    let width = output.width, none = Array(repeating: 0.0, count: width)
    if excludedAtomTypes.contains(type) { return none }
    let own = Array(outputBias[type * width..<(type + 1) * width])
    switch fitting.options.output {
    case .energy: return pairPotentials.isEmpty && mixture == nil ? [bias(of: type)] : own
    case .dipole: return none
    case .polarizability(let options): return options.shift(of: type, bias: own)
    case .densityOfStates, .property, .directForces, .denoising: return own
    }
  }

  /// The energy bias of each type in eV, `[types]`: the part of the atom energy that does not come
  /// from a net.
  ///
  /// It is the sum of `outputBias`, which DeePMD-kit's PyTorch backend fits, and `fitting.bias`,
  /// which its TensorFlow backend fits.  Setting the sum changes `outputBias` only.
  public var energyBias: [Double] {
    get { zip(outputBias, fittingBias).map { $0 + $1 } }
    set {
      precondition(newValue.count == typeMap.count)
      outputBias = zip(newValue, fittingBias).map { $0 - $1 }
    }
  }

  /// The bias of the output by type, `[types][width]`: that of energies as above, of others
  /// `outputBias`.
  public var bias: [Double] {
    get { output == .energy ? energyBias : outputBias }
    set { if output == .energy { energyBias = newValue } else { outputBias = newValue } }
  }

  private var fittingBias: [Double] {
    let weights = mixture?.weights ?? [1]
    return typeMap.indices.map { type in
      zip(weights, fittings).reduce(0) {
        $1.1.options.excludedTypes.contains(type) ? $0 : $0 + $1.0 * $1.1.bias[type]
      }
    }
  }
}
