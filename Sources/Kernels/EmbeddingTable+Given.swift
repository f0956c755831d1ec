/// Tables that are given, not built: the polynomials of compressed models.
///
/// A polynomial of degree five is its own quintic Hermite interpolant, so that nodes with the
/// values, slopes and curvatures of a row at both ends of its interval give the same function.
/// Where a row begins as the one before it ends, as DeePMD-kit makes them, they share a node.
extension EmbeddingTable {
  /// Makes the nodes of `polynomials`, which never change.
  public convenience init(_ polynomials: PolynomialTable) {
    self.init(width: polynomials.outputs)
    let (near, far) = polynomials.parts
    var maker = NodeMaker(polynomials, stride: stride, unit: Double(Scalar.ulpOfOne))
    maker.addLine(row: 0, at: 0, from: near.start, length: -lineLength)
    maker.add(near)
    maker.add(far)
    let last = far.rows.isEmpty ? near : far
    let start = last.start + Double(last.rows.count - 1) * last.spacing
    maker.addLine(
      row: polynomials.rows - 1, at: polynomials.end - start, from: polynomials.end,
      length: lineLength)
    take(maker.cells, nodes: maker.nodes)
  }
}

/// The length of the straight lines at both ends: far beyond any input.
private let lineLength = 0x1p20

/// Makes cells and their nodes out of the rows of a table.
private struct NodeMaker {
  private(set) var cells: [TableCell] = []
  private(set) var nodes: [Double] = []
  private let table: PolynomialTable, stride: Int
  /// Smaller differences between the end of a row and the start of the next one are rounding
  /// errors.
  private let tolerance: Double

  /// Takes a table, the width of a row of outputs, and the rounding error of 1.
  init(_ table: PolynomialTable, stride: Int, unit: Double) {
    (self.table, self.stride) = (table, stride)
    let values = Swift.stride(from: 0, to: table.coefficients.count, by: 6)
    let largest = values.reduce(0) { max($0, abs(table.coefficients[$1])) }
    tolerance = 8 * unit * largest
  }

  private var nodeCount: Int { nodes.count / (3 * stride) }

  /// Adds a node for `row`, `x` behind its start, in units of `spacing`.
  private mutating func addNode(_ row: Int, at x: Double, _ spacing: Double) {
    var parts = Array(repeating: 0.0, count: 3 * stride)
    for m in 0..<table.outputs {
      let jet = table.jet(row, m, at: x)
      parts[m] = jet.value
      parts[stride + m] = jet.slope * spacing
      parts[2 * stride + m] = jet.curve * spacing * spacing
    }
    nodes += parts
  }

  /// Adds the cell of a part.
  mutating func add(_ part: PolynomialTable.Part) {
    guard let last = part.rows.last else { return }
    let spacing = part.spacing, isShared = isContinuous(part)
    cells.append(
      TableCell(
        lower: part.start, inverseSpacing: 1 / spacing, first: nodeCount,
        intervals: part.rows.count, nodesPerInterval: isShared ? 1 : 2))
    for row in part.rows {
      addNode(row, at: 0, spacing)
      if !isShared || row == last { addNode(row, at: spacing, spacing) }
    }
  }

  /// Whether each row of `part` begins as the one before it ends.
  private func isContinuous(_ part: PolynomialTable.Part) -> Bool {
    let h = part.spacing
    return part.rows.dropLast().allSatisfy { row in
      (0..<table.outputs).allSatisfy { m in
        let end = table.jet(row, m, at: h), start = table.jet(row + 1, m, at: 0)
        // The factors are the largest values of the polynomials of slopes and curvatures.
        return abs(end.value - start.value) + 0.2 * h * abs(end.slope - start.slope)
          + 0.02 * h * h * abs(end.curve - start.curve) <= tolerance
      }
    }
  }

  /// Adds the straight line from `place` on, the point of `row` that is `x` behind its start.
  ///
  /// If its `length` is negative, it goes to smaller inputs.
  mutating func addLine(row: Int, at x: Double, from place: Double, length: Double) {
    cells.append(
      TableCell(
        lower: place, inverseSpacing: 1 / length, first: nodeCount, intervals: 1))
    for distance in [0, length] {
      var parts = Array(repeating: 0.0, count: 3 * stride)
      for m in 0..<table.outputs {
        let jet = table.jet(row, m, at: x)
        parts[m] = jet.value + distance * jet.slope
        parts[stride + m] = jet.slope * length
      }
      nodes += parts
    }
  }
}
