import Kernels

/// What networks are made of.
extension ProgramBuilder {
  /// `view` in rows of its own: those that `table` picks.
  public mutating func take(_ name: String, _ view: View, _ table: IndexTable) -> View {
    let view = at(view, table)
    return sum(name, [Term(view)], rows: table.rows)
  }

  /// `idt ⊙ f(x W + b) + shortcut(x)`, where x is `absent` zeros and then `sources` side by side.
  ///
  /// The concatenation is never formed: W is cut into blocks of rows, and a source that is gathered
  /// is multiplied where it lives and gathered afterwards: an atom once, not once per neighbor.
  /// What rows with the same atom share is added up at that atom before it is gathered, and what
  /// angles with the same first row share at that row.
  public mutating func dense(
    _ name: String, _ sources: [View], _ layer: DenseLayer, rows: Space, absent: Int = 0
  ) -> View {
    let z = linear(name, sources, layer, rows: rows, absent: absent)
    var y = map(name, z, layer.activation)
    if let timesteps = layer.timesteps {
      let idt = parameter(timesteps, "\(name).idt")
      y = bilinear("\(name).idt", y, idt, .elementwise(layer.outputs), rows: rows)
    }
    var shortcuts: [Term] = [], row = absent
    for x in sources {
      for copy in 0..<layer.shortcutCopies {
        shortcuts.append(Term(x, offset: copy * layer.inputs + row))
      }
      row += x.width
    }
    if shortcuts.isEmpty { return y }
    return sum("\(name).shortcut", [Term(y)] + shortcuts, rows: rows)
  }

  /// The linear part of a layer, `x W + b`, of x as in `dense`.
  mutating func linear(
    _ name: String, _ sources: [View], _ layer: DenseLayer, rows: Space, absent: Int = 0
  ) -> View {
    let outputs = layer.outputs
    var terms: [View] = [], row = absent
    for x in sources {
      let home = View(x.value, columns: x.columns), first = layer.weights.lowerBound
      let block = parameter(
        first + row * outputs..<first + (row + x.width) * outputs, "\(name).W")
      let product = product("\(name).xW", home, block, outputs)
      terms.append(x.table.map { at(product, tables[$0]) } ?? product)
      row += x.width
    }
    precondition(row == layer.inputs, "\(name): \(row) columns, not \(layer.inputs)")
    if let biases = layer.biases { terms.append(parameter(biases, "\(name).b")) }
    let shared = sharingAtoms(name, sharingFirstRows(name, terms), rows)
    return sum("\(name).z", shared.map { Term($0) }, rows: rows)
  }

  /// `x W`; where x is a row of parameters u times one number c, as the first angles are, c (u W):
  /// one product of matrices for all rows.
  private mutating func product(
    _ name: String, _ x: View, _ weights: View, _ outputs: Int
  ) -> View {
    let maker = operations.last { $0.out == x.value }
    if case .bilinear(let op)? = maker, op.dense?.inputs == 1, x.width == op.form.widths.z {
      let row = bilinear("\(name).uW", op.y, weights, .dense(x.width, outputs), rows: .one)
      return bilinear(name, op.x, row, .dense(1, outputs), rows: space(x))
    }
    return bilinear(name, x, weights, .dense(x.width, outputs), rows: space(x))
  }

  /// `terms` of angles, with one gathered row in place of all that angles with the same first row
  /// share: what is gathered from that row and from its atom, and parameters.
  private mutating func sharingFirstRows(_ name: String, _ terms: [View]) -> [View] {
    let lists = terms.compactMap { term -> Int? in
      guard case .innerFirst(let list) = term.table.map({ tables[$0] }) else { return nil }
      return list
    }
    guard let list = lists.first else { return terms }
    let inner = Space.inner(list: list)
    // The sum goes on in the place of the first term, so that one of its own rows comes first.
    var own: [View] = [], ofAtoms: [View] = [], others: [View] = []
    for term in terms {
      let home = View(term.value, columns: term.columns)
      switch term.table.map({ tables[$0] }) {
      case .innerFirst(list): own.append(home)
      case .atom(of: .angles(list)): ofAtoms.append(at(home, .atom(of: inner)))
      case nil where space(home) == .one: ofAtoms.append(home)
      default: others.append(term)
      }
    }
    if own.count + ofAtoms.count < 2 { return terms }
    let shared = sum("\(name).first", (own + ofAtoms).map { Term($0) }, rows: inner)
    return others + [at(shared, .innerFirst(list: list))]
  }

  /// `terms` of rows that have atoms, with one gathered row in place of all that rows of one atom
  /// share: what is gathered from it, and parameters.
  private mutating func sharingAtoms(_ name: String, _ terms: [View], _ rows: Space) -> [View] {
    var ofAtoms: [View] = [], ofAll: [View] = [], others: [View] = []
    for term in terms {
      let home = View(term.value, columns: term.columns)
      if let table = term.table, tables[table] == .atom(of: rows) {
        ofAtoms.append(home)
      } else if term.table == nil, space(home) == .one {
        ofAll.append(home)
      } else {
        others.append(term)
      }
    }
    if ofAtoms.isEmpty || ofAtoms.count + ofAll.count < 2 { return terms }
    let shared = sum("\(name).atom", (ofAtoms + ofAll).map { Term($0) }, rows: .atom)
    return others + [at(shared, .atom(of: rows))]
  }

  /// A network of dense layers on `absent` zeros and then `sources`, side by side.
  public mutating func network(
    _ name: String, _ sources: [View], _ network: DenseNetwork, rows: Space, absent: Int = 0
  ) -> View {
    var y = dense("\(name).0", sources, network.layers[0], rows: rows, absent: absent)
    for (k, layer) in network.layers.enumerated().dropFirst() {
      y = dense("\(name).\(k)", [y], layer, rows: rows)
    }
    return y
  }

  /// `weights ⊙ normalized(x) + biases`; both are places of as many parameters as x has columns.
  public mutating func layerNorm(
    _ name: String, _ x: View, weights: Range<Int>, biases: Range<Int>, epsilon: Double
  ) -> View {
    let rows = space(x)
    let y = normalize("\(name).n", x, centers: true, epsilon: epsilon)
    let w = parameter(weights, "\(name).w"), b = parameter(biases, "\(name).b")
    let scaled = bilinear("\(name).wn", y, w, .elementwise(x.width), rows: rows)
    return sum(name, [Term(scaled), Term(b)], rows: rows)
  }
}
