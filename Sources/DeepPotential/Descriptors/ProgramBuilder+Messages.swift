import Kernels

/// How old values and their updates are put together (`update_style`).
public enum UpdateStyle: String, Sendable {
  /// Their sum divided by the root of their number.
  case average = "res_avg"
  /// The old value, and the updates divided by the root of their number.
  case increment = "res_incr"
  /// The old value, and each update times parameters.
  case residual = "res_residual"
}

/// Where the parameters that updates are multiplied by begin (`update_residual_init`).
public enum ResidualStart: String, Sendable {
  /// All at one value, or at random numbers with this deviation.
  case constant = "const"
  case normal = "norm"
}

/// What descriptors that exchange messages share.
extension ProgramBuilder {
  /// The old value, which is the first of `values`, with its updates, which `scales` belong to if
  /// the style is `.residual`.
  mutating func combined(
    _ name: String, _ values: [View], _ style: UpdateStyle, _ scales: [Range<Int>]
  ) -> View {
    let rows = space(values[0]), updates = values.dropFirst()
    if updates.isEmpty { return values[0] }
    var terms = [Term(values[0])]
    switch style {
    case .average:
      let factor = 1 / Double(values.count).squareRoot()
      terms = values.map { Term($0, factor) }
    case .increment:
      let factor = 1 / Double(updates.count).squareRoot()
      terms += updates.map { Term($0, factor) }
    case .residual:
      precondition(scales.count == updates.count)
      for (k, (update, range)) in zip(updates, scales).enumerated() {
        let scale = parameter(range, "\(name).r\(k)"), width = update.width
        let form = range.count > 1 ? TrilinearForm.elementwise(width) : .scaled(width)
        terms.append(Term(bilinear("\(name).ru\(k)", update, scale, form, rows: rows)))
      }
    }
    return sum(name, terms, rows: rows)
  }

  /// `H = factor Σ_j weight h_j ⊗ g_j` of each atom, `[3][channels]`, over the rows of `list`.
  mutating func directed(
    _ name: String, _ g: View, along h: View, list: Int, factor: Double,
    weight: RowWeight? = nil
  ) -> View {
    let rows = Space.pairs(list: list)
    return bilinear(
      name, g, h, .outer(g.width, 3), rows: rows, to: (.atom(of: rows), .atom), factor: factor,
      weight: weight)
  }

  /// `H H_<ᵀ / 3` of each atom, `[axis][channels]`, for an H `[3][channels]`.
  mutating func symmetrized(_ name: String, _ h: View, axis: Int) -> View {
    let m = h.width / 3
    let form = TrilinearForm([
      .init(m, x: 1, y: 0, z: 1), .init(3, x: m, y: m, z: 0), .init(axis, x: 0, y: 1, z: m),
    ])
    return bilinear(name, h, h, form, rows: .atom, factor: 1.0 / 3)
  }
}
