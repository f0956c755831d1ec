import Glibc

/// What stands between the matrices of an atom's attention: switches, directions and softmax, row
/// by row.
///
/// The numbers of all neighbors q are in vectors, padded to whole ones; the mask is 0, and -∞ where
/// there is no neighbor, so that weights are 0 there.
struct AttentionGates<Scalar: NetworkScalar> {
  typealias V = Scalar.WideVector
  typealias Pointer = UnsafeMutablePointer<Scalar>
  /// How many vectors there are.
  static var vectorCount: Int { 15 }

  let count: Int, padded: Int
  private let factor: V, shift: V
  /// Whether `u_p·u_q` is a factor of logits, too.
  let gatesLogits: Bool
  /// The number of terms of logit 0; nil for none, however small the others are.
  let empty: Scalar?
  /// w and u, their tangents and adjoints.
  let w: Pointer, u: (x: Pointer, y: Pointer, z: Pointer)
  let wDot: Pointer, uDot: (x: Pointer, y: Pointer, z: Pointer)
  let wBar: Pointer, uBar: (x: Pointer, y: Pointer, z: Pointer)
  /// The weights P of a row, and room for one more row.
  let weights: Pointer, room: Pointer, mask: Pointer

  init(
    _ attention: NeighborAttention, _ atom: AttentionAtom<Scalar>, _ x: AttentionRows<Scalar>,
    along xDot: AttentionRows<Scalar>?
  ) {
    let padded = paddedWidth(atom.count, of: Scalar.self)
    (count, self.padded) = (atom.count, padded)
    factor = V(repeating: Scalar(attention.factor))
    shift = V(repeating: attention.isSmooth ? 20 : 0)
    gatesLogits = attention.gatesLogits
    empty = attention.isSmooth ? atom.empty : nil
    func vector(_ k: Int) -> Pointer { atom.scratch + k * padded }
    (w, u) = (vector(0), (vector(1), vector(2), vector(3)))
    (wDot, uDot) = (vector(4), (vector(5), vector(6), vector(7)))
    (wBar, uBar) = (vector(8), (vector(9), vector(10), vector(11)))
    (weights, room, mask) = (vector(12), vector(13), vector(14))
    clear(w, 12 * padded)
    fill(w, u, x, constant: 1)
    if let xDot { fill(wDot, uDot, xDot, constant: 0) }
    for q in 0..<padded { mask[q] = q < count ? 0 : -.infinity }
  }

  /// Copies rows to vectors; what takes no part is `constant`.
  private func fill(
    _ w: Pointer, _ u: (x: Pointer, y: Pointer, z: Pointer), _ x: AttentionRows<Scalar>,
    constant: Scalar
  ) {
    for q in 0..<count {
      w[q] = x.switches?.at(q)[0] ?? constant
      u.x[q] = x.directions?.at(q)[0] ?? constant
      guard let directions = x.directions else { continue }
      (u.y[q], u.z[q]) = (directions.at(q)[1], directions.at(q)[2])
    }
  }

  /// Adds the adjoints of switches and directions to their rows.
  func addAdjoints(to xBar: AttentionTargets<Scalar>) {
    for q in 0..<count {
      if let switches = xBar.switches { switches.at(q)[0] += wBar[q] }
      guard let directions = xBar.directions?.at(q) else { continue }
      directions[0] += uBar.x[q]
      directions[1] += uBar.y[q]
      directions[2] += uBar.z[q]
    }
  }

  @inline(__always)
  func forEachVector(_ body: (Int) -> Void) {
    var q = 0
    while q < padded {
      body(q)
      q += V.scalarCount
    }
  }

  /// The pair (p, p + 1, ...) of neighbors at vector q: `w_p w_q` and `u_p·u_q`.
  @inline(__always)
  func gates(_ p: Int, _ q: Int) -> (ww: V, cosine: V) {
    let ww = w[p] * (get(w + q) as V)
    let xy = (u.x[p] * (get(u.x + q) as V)).addingProduct(V(repeating: u.y[p]), get(u.y + q))
    return (ww, xy.addingProduct(V(repeating: u.z[p]), get(u.z + q)))
  }

  /// Their tangents.
  @inline(__always)
  func gateTangents(_ p: Int, _ q: Int) -> (ww: V, cosine: V) {
    let ww = (w[p] * (get(wDot + q) as V)).addingProduct(V(repeating: wDot[p]), get(w + q))
    return (ww, along(p, q, u.x, uDot.x) + along(p, q, u.y, uDot.y) + along(p, q, u.z, uDot.z))
  }

  @inline(__always)
  private func along(_ p: Int, _ q: Int, _ u: Pointer, _ uDot: Pointer) -> V {
    (u[p] * (get(uDot + q) as V)).addingProduct(V(repeating: uDot[p]), get(u + q))
  }

  /// What products of query and key are multiplied by: c, or `c (u_p·u_q)`.
  @inline(__always)
  func logitFactor(_ cosine: V) -> V { gatesLogits ? factor * cosine : factor }

  /// Its tangent, if it has one.
  @inline(__always)
  func logitFactorTangent(_ cosineDot: V) -> V? { gatesLogits ? factor * cosineDot : nil }

  /// What is due to `u_p·u_q` by the adjoint of `X / (w_p w_q)`, if anything.
  @inline(__always)
  func gateAdjoint(_ bar: V, _ s: Pointer, _ q: Int) -> V? {
    gatesLogits ? bar * factor * get(s + q) : nil
  }

  /// `c s + 20` by the `logitFactor` c.
  @inline(__always)
  func moved(_ s: Pointer, _ q: Int, by c: V) -> V { shift.addingProduct(c, get(s + q)) }

  /// Sets the weights P of row p from the products s of query and keys.
  @inline(__always)
  func setWeights(_ p: Int, _ s: Pointer) {
    var highest = V(repeating: empty == nil ? -.infinity : 0)
    forEachVector { q in
      let (ww, cosine) = gates(p, q)
      let x = moved(s, q, by: logitFactor(cosine)) * ww + get(mask + q)
      highest = Scalar.select(x, where: highest, isBelow: x, else: highest)
      put(x, weights + q)
    }
    var top = highest[0]
    for lane in 1..<V.scalarCount { top = max(top, highest[lane]) }
    forEachVector { q in put((get(weights + q) as V) - top, weights + q) }
    Scalar.exponentiate(weights, count: padded)
    var sums = V.zero
    forEachVector { q in sums += get(weights + q) as V }
    var sum = sums.sum()
    if let empty, empty > 0 { sum += empty * Scalar(exp(-Double(top))) }
    let inverse = 1 / sum
    forEachVector { q in put(inverse * (get(weights + q) as V), weights + q) }
  }
}
