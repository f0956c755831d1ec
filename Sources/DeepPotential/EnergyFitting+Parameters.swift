import Atoms

extension EnergyFitting {
  /// Whether the nets of `type` give the energy above that of an isolated atom.
  func subtractsVacuum(of type: Int) -> Bool {
    type < options.atomEnergies.count && options.atomEnergies[type] != nil
  }

  /// `(fparam - mean) × inverse deviation`.
  func normalizedFrameParameters(of frame: Frame) -> [Double] {
    precondition(frame.frameParameters.count == options.frameParameters, "wrong number of fparam")
    return frame.frameParameters.indices.map {
      (frame.frameParameters[$0] - frameParameterMean[$0]) * frameParameterInverseDeviation[$0]
    }
  }

  /// `(aparam - mean) × inverse deviation` of one atom.
  func normalizedAtomParameters(of atom: Int, in frame: Frame) -> [Double] {
    let count = options.atomParameters
    precondition(
      frame.atomParameters.count == count * frame.types.count, "wrong number of aparam")
    return (0..<count).map {
      (frame.atomParameters[atom * count + $0] - atomParameterMean[$0])
        * atomParameterInverseDeviation[$0]
    }
  }
}
