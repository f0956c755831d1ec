import Kernels

/// What attention over the neighbors of an atom reads, a row for each pair.
public struct AttentionInputs: Sendable {
  /// Query, key and value.
  let query: View, key: View, value: View
  /// The smooth switch and the direction of each pair, where they take part.
  let switches: View?, directions: View?

  /// Attention that is smooth if there are `switches`, and gated by angles if there are
  /// `directions`.
  public init(query: View, key: View, value: View, switches: View?, directions: View?) {
    (self.query, self.key, self.value) = (query, key, value)
    (self.switches, self.directions) = (switches, directions)
  }
}

/// Attention over the ordered pairs of an atom's neighbors.
extension ProgramBuilder {
  /// `Σ_q a_pq v_q` for the rows of `list`, whose angles are those of pairs: as operations over
  /// angles, and as one operation that stands for all of them.
  ///
  /// `factor` is that of the products of query and key.
  public mutating func attention(
    _ name: String, list: Int, _ x: AttentionInputs, factor: Double
  ) -> View {
    let out = emitAngles(name, list: list, x, factor: factor)
    let shape = NeighborAttention(
      width: x.query.width, factor: factor, isSmooth: x.switches != nil)
    addFused(HeadedAttention(shape), list: list, x, for: out)
    return out
  }

  /// Adds one operation that stands for those over angles that have made `out` so far.
  ///
  /// Switches and directions must not depend on parameters.
  mutating func addFused(
    _ attention: HeadedAttention, list: Int, _ x: AttentionInputs, for out: View
  ) {
    let rows = Space.pairs(list: list)
    precondition(lists[list].angles == .real)
    addAlternative(
      .attention(
        .init(
          out: out.value, rows: id(rows), query: x.query, key: x.key, value: x.value,
          switches: x.switches, directions: x.directions, attention: attention,
          atoms: id(.atom(of: rows)), edges: id(.edge(list: list)),
          empty: id(.emptySlotsOfRow(list: list)))))
  }

  private mutating func emitAngles(
    _ name: String, list: Int, _ x: AttentionInputs, factor: Double
  ) -> View {
    let angles = Space.angles(list: list), width = x.query.width
    let query = at(x.query, .first(of: angles)), key = at(x.key, .second(of: angles))
    let value = at(x.value, .second(of: angles))
    var a = bilinear("\(name).qk", query, key, .dot(width), rows: angles, factor: factor)
    let ww = x.switches.map { angleDot("\(name).ww", $0, angles) }
    a = attentionWeights(
      name, a, times: ww, segment: .first(of: angles), extra: .emptySlotsOfRow(list: list))
    if let directions = x.directions {
      let cosines = angleDot("\(name).cos", directions, angles)
      a = bilinear("\(name).gate", a, cosines, .scaled(1), rows: angles)
    }
    return bilinear(
      "\(name).av", value, a, .scaled(width), rows: angles,
      to: (.first(of: angles), .pairs(list: list)))
  }

  /// The weights of attention among the rows with equal `segment`, head by head:
  /// `softmax((a + 20) w - 20) w`, where `extra` empty slots have the logit -20; or if there is no
  /// `w`, a plain softmax over the rows that are there.
  mutating func attentionWeights(
    _ name: String, _ a: View, times w: View?, segment: IndexTable, extra: RowWeight
  ) -> View {
    guard let w else { return softmax("\(name).softmax", a, segment: segment) }
    let rows = space(a)
    let moved = sum("\(name).plus", [Term(a)], rows: rows, constant: 20)
    let shifted = bilinear("\(name).shift", moved, w, .scaled(a.width), rows: rows)
    let y = softmax("\(name).softmax", shifted, segment: segment, extra: extra)
    return bilinear("\(name).aww", y, w, .scaled(a.width), rows: rows)
  }
}
