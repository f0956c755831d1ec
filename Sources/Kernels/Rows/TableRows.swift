/// The passes of some rows through tables: `y = G(x)`, where x is one number and each row has its
/// own table.
///
/// Each pass computes G or its slope from the two nodes next to x.  What networks make of x, by
/// `DenseNetwork`, is the plain twin.  Source: docs/MATH.md, "Embedding table".
public struct TableRows<Scalar: NetworkScalar> {
  private let tables: UnsafePointer<TableNodes<Scalar>>, tableNumbers: UnsafePointer<Int32>?
  private let x: Rows<Scalar>
  private let width: Int, stride: Int, count: Int

  /// Prepares `count` rows that read `tables`, each the one that `tableNumbers` names, or the
  /// first; `x` is their input, and their output is `width` numbers wide.
  public init(
    _ tables: UnsafePointer<TableNodes<Scalar>>, tableNumbers: UnsafePointer<Int32>?,
    x: Rows<Scalar>,
    width: Int, count: Int
  ) {
    (self.tables, self.tableNumbers, self.x) = (tables, tableNumbers, x)
    (self.width, self.count) = (width, count)
    stride = paddedWidth(width, of: Scalar.self)
  }

  /// `y = G`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func set(into y: Rows<Scalar>) {
    for p in 0..<count {
      let (node, t, _) = place(p), to = y.at(p)
      let weights = NodeWeights(HermiteBasis(at: SIMD2(repeating: t)))
      forEachPart(of: node, weights) { m, g in
        put(g, to + m)
      } tail: { m, g in
        to[m] = g
      }
    }
  }

  /// `xBar += Σ_m yBar_m G'_m`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func addBackward(_ yBar: Rows<Scalar>, to xBar: Rows<Scalar>) {
    for p in 0..<count {
      let (node, t, inverseSpacing) = place(p), bar = yBar.at(p)
      var sums = Scalar.WideVector.zero, sum: Scalar = 0
      forEachPart(of: node, NodeWeights(slopesAt: t, times: inverseSpacing)) { m, slope in
        sums.addProduct(slope, get(bar + m))
      } tail: { m, slope in
        sum += slope * bar[m]
      }
      xBar.at(p).pointee += sums.sum() + sum
    }
  }

  /// `yDot += G' xDot`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func addTangent(_ xDot: Rows<Scalar>, to yDot: Rows<Scalar>) {
    for p in 0..<count {
      let (node, t, inverseSpacing) = place(p), to = yDot.at(p)
      let weights = NodeWeights(slopesAt: t, times: inverseSpacing * xDot.at(p).pointee)
      forEachPart(of: node, weights) { m, g in
        put((get(to + m) as Scalar.WideVector) + g, to + m)
      } tail: { m, g in
        to[m] += g
      }
    }
  }

  /// Adds to the nodes' `adjoints`, `[nodes][3][stride]` for each table: with the polynomials v,
  /// `v yBarDot + v' xDot yBar`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func addNodeAdjoints(
    _ yBar: Rows<Scalar>, _ yBarDot: Rows<Scalar>, along xDot: Rows<Scalar>,
    to adjoints: UnsafeMutablePointer<Scalar>
  ) {
    for p in 0..<count {
      let (node, t, inverseSpacing) = place(p), bar = yBar.at(p), barDot = yBarDot.at(p)
      let table = tables[tableNumber(p)], to = adjoints + (table.adjoints + (node - table.base))
      let values = NodeWeights(HermiteBasis(at: SIMD2(repeating: t)))
      let slopes = NodeWeights(slopesAt: t, times: inverseSpacing * xDot.at(p).pointee)
      for k in 0..<6 {
        let (v, slope) = (values[k], slopes[k])
        addScaled(barDot, v, to: to + k * stride, count: width)
        addScaled(bar, slope, to: to + k * stride, count: width)
      }
    }
  }

  @inline(__always)
  private func tableNumber(_ p: Int) -> Int { tableNumbers.map { Int($0[p]) } ?? 0 }

  /// The node before the input of row `p`, the position between it and the next one, 0 to 1, and
  /// the inverse of their distance.
  @inline(__always)
  private func place(
    _ p: Int
  ) -> (node: UnsafePointer<Scalar>, position: Scalar, inverseSpacing: Scalar) {
    let table = tables[tableNumber(p)]
    let (node, position, inverseSpacing) = table.place(of: Double(x.at(p).pointee))
    return (table.base + node * 3 * stride, Scalar(position), Scalar(inverseSpacing))
  }

  /// Calls `body` for each whole vector of columns, and `tail` for each column behind those, with
  /// the sum of the six node rows at `node`, weighted.
  @inline(__always)
  private func forEachPart(
    of node: UnsafePointer<Scalar>, _ weights: NodeWeights<Scalar>,
    _ body: (Int, Scalar.WideVector) -> Void, tail: (Int, Scalar) -> Void
  ) {
    let lanes = Scalar.WideVector.scalarCount, s = stride
    var m = 0
    while m < width {
      let row = node + m
      var sum: Scalar.WideVector = get(row) * Scalar.WideVector(repeating: weights.v0)
      sum.addProduct(get(row + s), Scalar.WideVector(repeating: weights.v1))
      sum.addProduct(get(row + 2 * s), Scalar.WideVector(repeating: weights.v2))
      sum.addProduct(get(row + 3 * s), Scalar.WideVector(repeating: weights.v3))
      sum.addProduct(get(row + 4 * s), Scalar.WideVector(repeating: weights.v4))
      sum.addProduct(get(row + 5 * s), Scalar.WideVector(repeating: weights.v5))
      if m + lanes <= width {
        body(m, sum)
      } else {
        for k in 0..<width - m { tail(m + k, sum[k]) }
      }
      m += lanes
    }
  }
}

/// What the rows of the two nodes next to an input are multiplied by.
private struct NodeWeights<Scalar: NetworkScalar> {
  let v0: Scalar, v1: Scalar, v2: Scalar, v3: Scalar, v4: Scalar, v5: Scalar

  @inline(__always)
  init(_ basis: HermiteBasis<SIMD2<Scalar>>) {
    (v0, v1, v2) = (basis.v0[0], basis.v1[0], basis.v2[0])
    (v3, v4, v5) = (basis.v3[0], basis.v4[0], basis.v5[0])
  }

  @inline(__always)
  init(slopesAt t: Scalar, times factor: Scalar) {
    self.init(
      HermiteBasis(slopesAt: SIMD2(repeating: t), times: SIMD2(repeating: factor)))
  }

  @inline(__always)
  subscript(k: Int) -> Scalar {
    switch k {
    case 0: v0
    case 1: v1
    case 2: v2
    case 3: v3
    case 4: v4
    default: v5
    }
  }
}
