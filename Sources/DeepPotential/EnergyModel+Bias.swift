extension EnergyFitting {
  /// Whether the nets of `type` give the energy above that of an isolated atom.
  func subtractsVacuum(of type: Int) -> Bool {
    type < options.atomEnergies.count && options.atomEnergies[type] != nil
  }
}

extension EnergyModel {
  /// The energy of an atom by type that no net has to learn, in eV, `[types]`.
  ///
  /// It is in two places of a model, and their sum is what counts: DeePMD-kit's PyTorch backend
  /// fits one, its TensorFlow backend the other.  Setting it leaves the fitting nets' part alone.
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
