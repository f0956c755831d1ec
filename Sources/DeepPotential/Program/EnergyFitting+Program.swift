import Kernels

extension EnergyFitting {
  /// Adds the fitting nets to a program: their numbers of each atom from the descriptor's
  /// `sources`, of energies without biases.
  ///
  /// Atoms of `silentTypes` get none.  One net per type; a single net is for all types.  If it
  /// `addsBiases`, energies have them, too.
  public func emit(
    into builder: inout ProgramBuilder, on sources: [View], silentTypes: Set<Int> = [],
    addsBiases: Bool = false
  ) -> View {
    let extra = options.frameParameters + options.atomParameters
    let parameters = extra > 0 ? [builder.frameParameters(width: extra)] : []
    let biases =
      options.output == .energy && !addsBiases ? [] : emitBiases(into: &builder, silentTypes)
    if isShared {
      let net = emitShared(into: &builder, on: sources + parameters, silentTypes: silentTypes)
      return biases.isEmpty ? net : builder.sum("fit.biased", [Term(net)] + biases, rows: .atom)
    }
    var terms = biases
    for type in networks.indices where !silentTypes.contains(type) {
      let own = emit(into: &builder, type: type, on: sources, parameters)
      let rows = Space.atoms(type: type)
      terms.append(
        Term(builder.sum("fit\(type).E", own, rows: rows, to: (.atom(of: rows), .atom))))
    }
    return builder.sum("E", terms, rows: .atom)
  }

  /// The nets' own biases by type; none where all are zero.
  private func emitBiases(into builder: inout ProgramBuilder, _ silentTypes: Set<Int>) -> [Term] {
    let hasNets = isShared || networks.indices.contains { !silentTypes.contains($0) }
    if hasNets && bias.allSatisfy({ $0 == 0 }) { return [] }
    let numbers = (0..<typeCount).flatMap { type -> [Double] in
      let own = bias[type * netWidth..<(type + 1) * netWidth]
      return silentTypes.contains(type) ? own.map { _ in 0 } : Array(own)
    }
    let biases = builder.constant(numbers, width: netWidth, of: .type, "fit.bias")
    return [Term(builder.at(biases, .atomType))]
  }

  /// The net of all types; what it says of atoms of `silentTypes` is multiplied by 0.
  private func emitShared(
    into builder: inout ProgramBuilder, on sources: [View], silentTypes: Set<Int>
  ) -> View {
    precondition(options.atomEnergies.isEmpty, "atom_ener with one net for all types")
    let net = builder.network("fit", sources, networks[0], rows: .atom)
    if silentTypes.isEmpty { return net }
    let counts = (0..<builder.typeCount).map { silentTypes.contains($0) ? 0.0 : 1 }
    let present = builder.constant(counts, width: 1, of: .type, "present")
    let factor = builder.at(present, .atomType)
    return builder.bilinear("E", net, factor, .scaled(netWidth), rows: .atom)
  }

  /// `net(D)` for the atoms of one type, or `net(D) - net(0)`.
  private func emit(
    into builder: inout ProgramBuilder, type: Int, on sources: [View], _ parameters: [View]
  ) -> [Term] {
    let rows = Space.atoms(type: type), name = "fit\(type)", network = networks[type]
    func own(_ views: [View], _ kind: String) -> [View] {
      views.enumerated().map { k, view in
        // A view through a table has no rows of atoms yet.
        let atoms = view.table == nil ? view : builder.sum(kind, [Term(view)], rows: .atom)
        return builder.take("\(name).\(kind)\(k)", atoms, .atom(of: rows))
      }
    }
    let x = own(sources, "x"), p = own(parameters, "p")
    let energy = Term(builder.network(name, x + p, network, rows: rows))
    guard subtractsVacuum(of: type) else { return [energy] }
    let width = x.reduce(0) { $0 + $1.width }
    let vacuum = builder.network("\(name).vacuum", p, network, rows: rows, absent: width)
    return [energy, Term(vacuum, -1)]
  }
}
