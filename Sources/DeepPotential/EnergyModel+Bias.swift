extension EnergyFitting {
  /// Whether atoms of `type` get `net(D) - net(0)` instead of `net(D)` from their net.
  func subtractsVacuum(of type: Int) -> Bool {
    type < options.atomEnergies.count && options.atomEnergies[type] != nil
  }
}

extension EnergyModel {
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

  private var fittingBias: [Double] {
    fitting.bias.enumerated().map { fitting.options.excludedTypes.contains($0) ? 0 : $1 }
  }
}
