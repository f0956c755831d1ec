/// Attention of several heads over the neighbors of one atom, each of them as `NeighborAttention`
/// has it, on columns of its own.
///
/// Column i of head h is column `i * step + h` of the rows, which are copied head by head: that
/// takes far less time than the products of matrices.
public struct HeadedAttention: Sendable, Equatable {
  /// What a head does.
  public let head: NeighborAttention
  /// The number of heads, and the distances between the columns of one in queries and keys, and in
  /// values.
  let count: Int, step: Int, valueStep: Int
  /// The factor of the result.
  let factor: Double

  /// Attention by `head` alone.
  public init(_ head: NeighborAttention) {
    (self.head, count, step, valueStep, factor) = (head, 1, 1, 1, 1)
  }

  /// Attention by `count` heads with their columns side by side; those of queries and keys are
  /// `step` apart.  The result is multiplied by `factor`.
  public init(_ head: NeighborAttention, count: Int, step: Int, factor: Double) {
    (self.head, self.count, self.step, valueStep, self.factor) = (head, count, step, count, factor)
  }

  private var isPlain: Bool { count == 1 && step == 1 && factor == 1 }

  /// How many numbers the scratch memory must hold for `neighbors` rows.
  public func scratchCount<Scalar: NetworkScalar>(
    _ scalar: Scalar.Type, neighbors: Int
  ) -> Int {
    let own = head.scratchCount(scalar, neighbors: neighbors)
    // Rows, their tangents, and what is due to them; the result's adjoint and its tangent.
    return isPlain ? own : own + neighbors * (6 * head.width + 5 * head.valueWidth)
  }

  /// `z += B V`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func add<Scalar: NetworkScalar>(
    _ x: AttentionRows<Scalar>, to z: Rows<Scalar>, _ atom: AttentionAtom<Scalar>
  ) {
    if isPlain { return head.add(x, to: z, atom) }
    forEachHead(atom) { columns in
      let result = columns.zeros(head.valueWidth)
      head.add(columns.of(x), to: result, atom)
      columns.add(result, head.valueWidth, valueStep, times: factor, to: z)
    }
  }

  /// `zDot += BDot V + B VDot`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func addTangent<Scalar: NetworkScalar>(
    at x: AttentionRows<Scalar>, along xDot: AttentionRows<Scalar>, to zDot: Rows<Scalar>,
    _ atom: AttentionAtom<Scalar>
  ) {
    if isPlain { return head.addTangent(at: x, along: xDot, to: zDot, atom) }
    forEachHead(atom) { columns in
      let result = columns.zeros(head.valueWidth)
      head.addTangent(at: columns.of(x), along: columns.of(xDot), to: result, atom)
      columns.add(result, head.valueWidth, valueStep, times: factor, to: zDot)
    }
  }

  /// `xBar += Jᵀ zBar`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func addBackward<Scalar: NetworkScalar>(
    at x: AttentionRows<Scalar>, _ zBar: Rows<Scalar>, to xBar: AttentionTargets<Scalar>,
    _ atom: AttentionAtom<Scalar>
  ) {
    if isPlain { return head.addBackward(at: x, zBar, to: xBar, atom) }
    forEachHead(atom) { columns in
      let due = columns.zeros(for: xBar)
      let zBar = columns.copy(zBar, head.valueWidth, valueStep, times: factor)
      head.addBackward(at: columns.of(x), zBar, to: due, atom)
      columns.add(due, to: xBar)
    }
  }

  /// `xBarDot += Jᵀ zBarDot + JDotᵀ zBar` for query, key and value; switches and directions do not
  /// learn.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func addBackwardTangent<Scalar: NetworkScalar>(
    at x: AttentionRows<Scalar>, along xDot: AttentionRows<Scalar>, _ zBar: Rows<Scalar>,
    _ zBarDot: Rows<Scalar>, to xBarDot: AttentionTargets<Scalar>, _ atom: AttentionAtom<Scalar>
  ) {
    if isPlain {
      return head.addBackwardTangent(at: x, along: xDot, zBar, zBarDot, to: xBarDot, atom)
    }
    forEachHead(atom) { columns in
      let due = columns.zeros(for: xBarDot)
      let zBar = columns.copy(zBar, head.valueWidth, valueStep, times: factor)
      let zBarDot = columns.copy(zBarDot, head.valueWidth, valueStep, times: factor)
      head.addBackwardTangent(
        at: columns.of(x), along: columns.of(xDot), zBar, zBarDot, to: due, atom)
      columns.add(due, to: xBarDot)
    }
  }

  @inline(__always)
  private func forEachHead<Scalar: NetworkScalar>(
    _ atom: AttentionAtom<Scalar>, _ body: (inout HeadColumns<Scalar>) -> Void
  ) {
    let own = head.scratchCount(Scalar.self, neighbors: atom.count)
    for number in 0..<count {
      var columns = HeadColumns(self, number, rows: atom.count, atom.scratch + own)
      body(&columns)
    }
  }
}

/// Copies of the columns of one head, in memory that is handed out from its beginning.
private struct HeadColumns<Scalar: NetworkScalar> {
  private let attention: HeadedAttention, number: Int, rows: Int
  private var free: UnsafeMutablePointer<Scalar>

  @inline(__always)
  init(
    _ attention: HeadedAttention, _ number: Int, rows: Int, _ memory: UnsafeMutablePointer<Scalar>
  ) {
    (self.attention, self.number, self.rows, free) = (attention, number, rows, memory)
  }

  private mutating func take(_ width: Int) -> Rows<Scalar> {
    defer { free += rows * width }
    return Rows(free, stride: width)
  }

  /// Rows of zeros.
  mutating func zeros(_ width: Int) -> Rows<Scalar> {
    let to = take(width)
    clear(to.base, rows * width)
    return to
  }

  /// A copy of this head's `width` columns of `x`, `step` apart, times `factor`.
  mutating func copy(
    _ x: Rows<Scalar>, _ width: Int, _ step: Int, times factor: Double = 1
  ) -> Rows<Scalar> {
    let to = take(width), factor = Scalar(factor)
    for p in 0..<rows {
      let from = x.at(p) + number, to = to.at(p)
      for i in 0..<width { to[i] = factor * from[i * step] }
    }
    return to
  }

  /// Adds `x` times `factor` to this head's columns of `to`.
  func add(
    _ x: Rows<Scalar>, _ width: Int, _ step: Int, times factor: Double = 1, to: Rows<Scalar>
  ) {
    let factor = Scalar(factor)
    for p in 0..<rows {
      let from = x.at(p), to = to.at(p) + number
      for i in 0..<width { to[i * step] += factor * from[i] }
    }
  }

  /// Copies of query, key and value.
  mutating func of(_ x: AttentionRows<Scalar>) -> AttentionRows<Scalar> {
    let width = attention.head.width
    return AttentionRows(
      query: copy(x.query, width, attention.step), key: copy(x.key, width, attention.step),
      value: copy(x.value, attention.head.valueWidth, attention.valueStep), switches: x.switches,
      directions: x.directions)
  }

  /// Zeros for what is due to them; what is due to switches and directions goes there at once.
  mutating func zeros(for x: AttentionTargets<Scalar>) -> AttentionTargets<Scalar> {
    let width = attention.head.width
    return AttentionTargets(
      query: x.query == nil ? nil : zeros(width), key: x.key == nil ? nil : zeros(width),
      value: x.value == nil ? nil : zeros(attention.head.valueWidth), switches: x.switches,
      directions: x.directions)
  }

  /// Adds what is due to query, key and value.
  func add(_ due: AttentionTargets<Scalar>, to: AttentionTargets<Scalar>) {
    let width = attention.head.width
    if let x = due.query, let to = to.query { add(x, width, attention.step, to: to) }
    if let x = due.key, let to = to.key { add(x, width, attention.step, to: to) }
    if let x = due.value, let to = to.value {
      add(x, attention.head.valueWidth, attention.valueStep, to: to)
    }
  }
}
