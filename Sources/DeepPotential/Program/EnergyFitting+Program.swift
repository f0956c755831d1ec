import Kernels

extension EnergyFitting {
  /// Adds the fitting nets to a program: the energy of each atom from the descriptor's `sources`,
  /// without biases.
  ///
  /// Atoms of `silentTypes` get none.  One net per type; a single net is for all types.
  public func emit(
    into builder: inout ProgramBuilder, on sources: [View], silentTypes: Set<Int> = []
  ) -> View {
    let extra = options.frameParameters + options.atomParameters
    let parameters = extra > 0 ? [builder.frameParameters(width: extra)] : []
    if networks.count == 1 && builder.typeCount > 1 {
      return builder.network("fit", sources + parameters, networks[0], rows: .atom)
    }
    var terms: [Term] = []
    for (type, network) in networks.enumerated() where !silentTypes.contains(type) {
      let rows = Space.atoms(type: type), name = "fit\(type)"
      func own(_ view: View, _ k: Int, _ builder: inout ProgramBuilder) -> View {
        builder.take("\(name).x\(k)", view, .atom(of: rows))
      }
      var x: [View] = [], p: [View] = []
      for (k, view) in sources.enumerated() { x.append(own(view, k, &builder)) }
      for view in parameters { p.append(own(view, x.count, &builder)) }
      var parts = [Term(builder.network(name, x + p, network, rows: rows))]
      if subtractsVacuum(of: type) {
        let width = x.reduce(0) { $0 + $1.width }
        let vacuum = builder.network("\(name).vacuum", p, network, rows: rows, absent: width)
        parts.append(Term(vacuum, -1))
      }
      terms.append(
        Term(builder.sum("\(name).E", parts, rows: rows, to: (.atom(of: rows), .atom))))
    }
    return builder.sum("E", terms, rows: .atom)
  }
}
