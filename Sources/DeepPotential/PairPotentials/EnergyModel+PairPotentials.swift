import Kernels

extension EnergyModel {
  /// Adds the pair potentials to a program, and gives the energies of atoms with them; `nets` are
  /// those of the nets, which have no bias yet.
  ///
  /// Where a table takes the place of the nets' energy, `E = E_nets - k E_nets + k E_table`.
  func emitPairPotentials(into builder: inout ProgramBuilder, adding nets: View) -> View {
    var terms = [Term(nets)]
    for (number, potential) in pairPotentials.enumerated() {
      let name = "table\(number)"
      let list = builder.list(PairList(rule(of: potential)))
      let y = builder.pairEnergy(
        name, list: list, potential, silentTypes: Set(excludedAtomTypes))
      switch potential.use {
      case .blended:
        let replaced = builder.bilinear(
          "\(name).kE", nets, y[0..<1], .elementwise(1), rows: .atom)
        terms += [Term(replaced, -1), Term(y[1..<2])]
      case .added(let weight, _): terms.append(Term(y[1..<2], weight))
      }
    }
    return builder.sum("E.all", terms, rows: .atom)
  }

  /// Which neighbors a pair potential has.
  private func rule(of potential: PairPotential) -> NeighborRule {
    let slots =
      switch potential.use {
      case .blended: descriptor.options.slotCount
      case .added(_, let slots): slots
      }
    return NeighborRule(
      .ofAllTypes(slots), typeCount: typeMap.count, cutoff: potential.table.cutoff)
  }
}

extension ProgramBuilder {
  /// The energy of each atom by a table, in the second of two columns; in the first the weight k of
  /// a table that takes the place of another energy, by which the second is multiplied.
  ///
  /// Atoms of `silentTypes` have zeros.
  mutating func pairEnergy(
    _ name: String, list: Int, _ potential: PairPotential, silentTypes: Set<Int>
  ) -> View {
    let space = Space.pairs(list: list)
    let (rows, edges) = (id(space), id(.edge(list: list)))
    let (atoms, types) = (id(.atom(of: space)), id(.typePair(list: list)))
    return emit(name, .atom, width: 2, inputs: [], moves: true) { out in
      .pairEnergy(
        .init(
          out: out, rows: rows, table: potential.table, nearness: potential.nearness,
          silentTypes: silentTypes, edges: edges, atoms: atoms, types: types))
    }
  }
}
