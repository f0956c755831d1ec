extension OutputDefinition {
  /// Forces in eV/Å that nets give themselves, and the energy in eV of another net if there is one;
  /// without it the energy is 0.
  ///
  /// Such forces are no derivatives of an energy, so that there is no virial.
  /// Source: docs/MATH.md, "Outputs"; deepmd-pytorch's `direct_force` and `direct_force_ener`.
  public static func directForces(withEnergy: Bool) -> OutputDefinition {
    OutputDefinition(
      name: "energy", atomName: "atom_ener", atomWeightName: "atom_ener_coeff", perAtom: false,
      isReduced: withEnergy, forces: .direct, unit: "eV", symbol: "e")
  }

  /// What users of the forces must know; nil unless nets give them.
  public var forceNotice: String? {
    guard forces == .direct else { return nil }
    return "forces come from a net of their own and are no gradient of an energy: dynamics with "
      + "them do not conserve energy, and the virial is 0" + (isReduced ? "" : ", as is the energy")
  }
}

extension EnergyFitting {
  /// The nets of the energy beside direct forces, as fitting nets of their own; nil if there are
  /// none.
  var ofEnergy: EnergyFitting? {
    if nets.energy.isEmpty { return nil }
    var options = options
    options.output = .energy
    return copy(options, FittingNets(networks: nets.energy))
  }
}
