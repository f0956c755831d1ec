/// Attention over the neighbors of one atom, `z_p = Σ_q B_pq v_q`.
///
/// `B_pq = P_pq w_p w_q (u_p·u_q)` and `P_p = softmax_q(X_pq)`, `X_pq = (c q_p·k_q + 20) w_p w_q`,
/// where empty slots are further terms of logit 0.  Hard attention is the same with w = 1, without
/// the 20 and without empty slots; without angles u is a constant unit vector; gated logits have
/// `c (u_p·u_q)` for c.  All products of rows are products of matrices; the matrices
/// `[neighbors][neighbors]` live in `scratch` and each pass computes them again.  Source:
/// docs/MATH.md, "Operations".
public struct NeighborAttention: Sendable, Equatable {
  /// Columns of query and key, and of value.
  public let width: Int, valueWidth: Int
  /// The factor c.
  public let factor: Double
  /// Whether logits are shifted, and empty slots count; whether logits are gated.
  public let isSmooth: Bool, gatesLogits: Bool

  /// Attention on rows `width` wide, values as wide unless another width is given.
  public init(
    width: Int, valueWidth: Int? = nil, factor: Double, isSmooth: Bool, gatesLogits: Bool = false
  ) {
    (self.width, self.valueWidth) = (width, valueWidth ?? width)
    (self.factor, self.isSmooth, self.gatesLogits) = (factor, isSmooth, gatesLogits)
  }

  /// How many numbers the scratch memory must hold for `neighbors` rows.
  public func scratchCount<Scalar: NetworkScalar>(
    _ scalar: Scalar.Type, neighbors: Int
  ) -> Int {
    let padded = paddedWidth(neighbors, of: scalar)
    return (4 * neighbors + max(width, valueWidth) + AttentionGates<Scalar>.vectorCount) * padded
  }

  /// `z += B V`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func add<Scalar: NetworkScalar>(
    _ x: AttentionRows<Scalar>, to z: Rows<Scalar>, _ atom: AttentionAtom<Scalar>
  ) {
    let m = AttentionMatrices(self, atom), gates = AttentionGates(self, atom, x, along: nil)
    m.setProducts(x.query, x.key, width, into: 0)
    for p in 0..<m.count { gates.forward(p, m.row(0, p)) }
    m.add(0, times: x.value, valueWidth, to: z)
  }

  /// `zDot += BDot V + B VDot`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func addTangent<Scalar: NetworkScalar>(
    at x: AttentionRows<Scalar>, along xDot: AttentionRows<Scalar>, to zDot: Rows<Scalar>,
    _ atom: AttentionAtom<Scalar>
  ) {
    let m = AttentionMatrices(self, atom), gates = AttentionGates(self, atom, x, along: xDot)
    m.setProducts(x.query, x.key, width, into: 0, moved: xDot.query, xDot.key, into: 1)
    for p in 0..<m.count { gates.tangent(p, m.row(0, p), m.row(1, p)) }
    m.add(1, times: x.value, valueWidth, to: zDot)
    m.add(0, times: xDot.value, valueWidth, to: zDot)
  }

  /// `xBar += Jᵀ zBar`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func addBackward<Scalar: NetworkScalar>(
    at x: AttentionRows<Scalar>, _ zBar: Rows<Scalar>, to xBar: AttentionTargets<Scalar>,
    _ atom: AttentionAtom<Scalar>
  ) {
    let m = AttentionMatrices(self, atom), gates = AttentionGates(self, atom, x, along: nil)
    m.setProducts(x.query, x.key, width, into: 0)
    m.setProducts(zBar, x.value, valueWidth, into: 1)
    for p in 0..<m.count { gates.backward(p, m.row(0, p), m.row(1, p)) }
    gates.addAdjoints(to: xBar)
    if let value = xBar.value { m.addTransposed(0, times: zBar, valueWidth, to: value) }
    if let query = xBar.query { m.add(1, times: x.key, width, to: query) }
    if let key = xBar.key { m.addTransposed(1, times: x.query, width, to: key) }
  }

  /// `xBarDot += Jᵀ zBarDot + JDotᵀ zBar` for query, key and value; switches and directions do not
  /// learn.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func addBackwardTangent<Scalar: NetworkScalar>(
    at x: AttentionRows<Scalar>, along xDot: AttentionRows<Scalar>, _ zBar: Rows<Scalar>,
    _ zBarDot: Rows<Scalar>, to xBarDot: AttentionTargets<Scalar>, _ atom: AttentionAtom<Scalar>
  ) {
    let m = AttentionMatrices(self, atom), gates = AttentionGates(self, atom, x, along: xDot)
    m.setProducts(x.query, x.key, width, into: 0, moved: xDot.query, xDot.key, into: 1)
    m.setProducts(zBar, x.value, valueWidth, into: 2, moved: zBarDot, xDot.value, into: 3)
    for p in 0..<m.count {
      gates.backwardTangent(p, m.row(0, p), m.row(1, p), m.row(2, p), m.row(3, p))
    }
    if let value = xBarDot.value {
      m.addTransposed(0, times: zBarDot, valueWidth, to: value)
      m.addTransposed(1, times: zBar, valueWidth, to: value)
    }
    if let query = xBarDot.query {
      m.add(3, times: x.key, width, to: query)
      m.add(2, times: xDot.key, width, to: query)
    }
    if let key = xBarDot.key {
      m.addTransposed(3, times: x.query, width, to: key)
      m.addTransposed(2, times: xDot.query, width, to: key)
    }
  }
}
