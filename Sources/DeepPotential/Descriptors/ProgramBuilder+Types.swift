import Atoms
import Kernels

/// What descriptors with type embeddings and angles share.
extension ProgramBuilder {
  /// The embedding of each type, `[types][width]`: `network` on the unit vectors of the types, or
  /// on their electrons if it is `ofElectrons`.
  public mutating func typeEmbedding(
    _ network: DenseNetwork, ofElectrons: Bool = false
  ) -> View {
    let numbers = ofElectrons ? electrons : units
    let types = constant(numbers, width: numbers.count / typeCount, of: .type, "types")
    return self.network("type", [types], network, rows: .type)
  }

  /// The unit vector of each type.
  private var units: [Double] {
    (0..<typeCount * typeCount).map { $0 % (typeCount + 1) == 0 ? 1.0 : 0 }
  }

  /// The occupations of each type's spin orbitals as a vector of length 1.
  private var electrons: [Double] {
    let factor = 1 / Double(Elements.spinOrbitalCount).squareRoot()
    return (typeMap ?? []).flatMap { type in
      guard let occupations = Elements.spinOccupations(of: type) else {
        preconditionFailure("\(type) is no element")
      }
      return occupations.map { factor * $0 }
    }
  }

  /// `network` on two embeddings side by side, once for each ordered pair of types.
  public mutating func typePairs(
    _ name: String, _ embedding: View, _ network: DenseNetwork
  ) -> View {
    let first = at(embedding, .firstType), second = at(embedding, .secondType)
    return self.network(name, [first, second], network, rows: .typePair)
  }

  /// `g + g ⊙ h [w]`, where h has a row for each type or pair of types, and w is one number per
  /// row.
  public mutating func gated(
    _ name: String, _ g: View, by h: View, at table: IndexTable, times w: View?
  ) -> View {
    let rows = table.rows
    var gate = bilinear("\(name).gh", g, at(h, table), .elementwise(g.width), rows: rows)
    if let w { gate = bilinear("\(name).ghw", gate, w, .scaled(g.width), rows: rows) }
    return sum("\(name).gated", [Term(g), Term(gate)], rows: rows)
  }

  /// `x_p · x_q` for the two neighbors p, q of every angle, x being columns of the pair list's
  /// rows.
  public mutating func angleDot(_ name: String, _ x: View, _ angles: Space) -> View {
    let first = at(x, .first(of: angles)), second = at(x, .second(of: angles))
    return bilinear(name, first, second, .dot(x.width), rows: angles)
  }
}
