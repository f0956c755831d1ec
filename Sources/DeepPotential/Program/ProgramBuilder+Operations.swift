import Kernels

/// The six operations.
extension ProgramBuilder {
  /// `function(d)` for the rows of a list, with the list's statistics if it `hasStatistics`.
  public mutating func geometry(
    _ name: String, list: Int, _ function: PairFunction, hasStatistics: Bool = false
  ) -> View {
    let rows = id(.pairs(list: list)), edges = id(.edge(list: list))
    let statistics = hasStatistics ? id(.statistics(list: list)) : nil
    return emit(name, .pairs(list: list), width: function.width, inputs: [], moves: true) {
      .geometry(
        .init(
          out: $0, rows: rows, list: list, function: function, edges: edges,
          statistics: statistics))
    }
  }

  /// `factor · weight · B(x, y)` for each row of `rows`, added to the rows `to` of `space`, or as
  /// they are.
  public mutating func bilinear(
    _ name: String, _ x: View, _ y: View, _ form: TrilinearForm, rows: Space,
    to: (table: IndexTable, space: Space)? = nil, factor: Double = 1, weight: RowWeight? = nil
  ) -> View {
    precondition(form.widths.x <= x.width && form.widths.y <= y.width, "\(name): too few columns")
    check(x, rows)
    check(y, rows)
    let inputs = x.width, outputs = form.widths.z
    let isDense =
      space(y) == .one && x.table == nil && to == nil && factor == 1 && weight == nil
      && space(x) != .one && form == .dense(inputs, outputs)
    let dense = isDense ? DenseProduct(inputs: inputs, outputs: outputs) : nil
    let (rowsID, toID, weightID) = (id(rows), to.map { id($0.table) }, weight.map { id($0) })
    return emit(name, to?.space ?? rows, width: outputs, inputs: [x, y]) {
      .bilinear(
        .init(
          out: $0, rows: rowsID, x: x, y: y, form: form, dense: dense, to: toID, factor: factor,
          weight: weightID))
    }
  }

  /// The sum of `terms`, for each row of `rows`, added to the rows `to` of `space`, or as they are.
  public mutating func sum(
    _ name: String, _ terms: [Term], rows: Space,
    to: (table: IndexTable, space: Space)? = nil, constant: Double = 0
  ) -> View {
    for term in terms { check(term.x, rows) }
    let width = terms.map { $0.offset + $0.x.width }.max() ?? 1
    let (rowsID, toID) = (id(rows), to.map { id($0.table) })
    let terms = terms.map {
      Operation.Term(
        x: $0.x, factor: $0.factor, offset: $0.offset, weight: $0.weight.map { id($0) })
    }
    return emit(name, to?.space ?? rows, width: width, inputs: terms.map(\.x)) {
      .sum(.init(out: $0, rows: rowsID, terms: terms, to: toID, constant: constant))
    }
  }

  /// `activation(x)`.
  public mutating func map(_ name: String, _ x: View, _ activation: Activation) -> View {
    if activation == .linear { return x }
    let rows = values[x.value].spaceID
    return emit(name, space(x), width: x.width, inputs: [x]) {
      .map(.init(out: $0, rows: rows, x: x, activation: activation))
    }
  }

  /// `x` with mean 0 and variance 1, if `centers`, or with length 1.
  public mutating func normalize(
    _ name: String, _ x: View, centers: Bool, epsilon: Double
  ) -> View {
    let kind = RowNormalization(centers: centers, epsilon: epsilon)
    let rows = values[x.value].spaceID
    return emit(name, space(x), width: x.width, inputs: [x]) {
      .normalize(.init(out: $0, rows: rows, x: x, normalization: kind))
    }
  }

  /// The softmax of `x` over the rows with equal `segment`, with `extra` more terms of 1.
  public mutating func softmax(
    _ name: String, _ x: View, segment: IndexTable, extra: RowWeight? = nil
  ) -> View {
    let rows = values[x.value].spaceID
    let (segmentID, extraID) = (id(segment), extra.map { id($0) })
    return emit(name, space(x), width: x.width, inputs: [x]) {
      .softmax(.init(out: $0, rows: rows, x: x, segment: segmentID, extra: extraID))
    }
  }

  /// A view without a table has the operation's own rows, or one row for all.
  private func check(_ view: View, _ rows: Space) {
    if let table = view.table {
      precondition(
        tables[table].rows == rows, "\(values[view.value].name): the table has other rows")
    } else {
      precondition(
        space(view) == rows || space(view) == .one,
        "\(values[view.value].name): a table must lead to its rows")
    }
  }
}

/// One term of a sum, which goes to the columns from `offset` on.
public struct Term: Sendable {
  let x: View
  let factor: Double, offset: Int, weight: RowWeight?

  /// `factor · weight · x`, in the columns from `offset` on.
  public init(_ x: View, _ factor: Double = 1, offset: Int = 0, weight: RowWeight? = nil) {
    (self.x, self.factor, self.offset, self.weight) = (x, factor, offset, weight)
  }
}
