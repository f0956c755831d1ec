/// What attention reads of an atom's neighbors, one row each; or the tangents of it.
public struct AttentionRows<Scalar> {
  /// Rows as wide as the attention.
  public let query: Rows<Scalar>, key: Rows<Scalar>, value: Rows<Scalar>
  /// The smooth switch w, one number, and the direction u, three; nil where they take no part.
  public let switches: Rows<Scalar>?, directions: Rows<Scalar>?

  /// Takes adjacent rows.
  public init(
    query: Rows<Scalar>, key: Rows<Scalar>, value: Rows<Scalar>, switches: Rows<Scalar>?,
    directions: Rows<Scalar>?
  ) {
    (self.query, self.key, self.value) = (query, key, value)
    (self.switches, self.directions) = (switches, directions)
  }

  /// The rows from `first` on.
  public func from(_ first: Int) -> AttentionRows {
    AttentionRows(
      query: query.from(first), key: key.from(first), value: value.from(first),
      switches: switches?.from(first), directions: directions?.from(first))
  }
}

/// Where the adjoints of what attention reads are added up, or their tangents; nil where nothing
/// is due.
public struct AttentionTargets<Scalar> {
  let query: Rows<Scalar>?, key: Rows<Scalar>?, value: Rows<Scalar>?
  let switches: Rows<Scalar>?, directions: Rows<Scalar>?

  /// Takes adjacent rows.
  public init(
    query: Rows<Scalar>?, key: Rows<Scalar>?, value: Rows<Scalar>?, switches: Rows<Scalar>? = nil,
    directions: Rows<Scalar>? = nil
  ) {
    (self.query, self.key, self.value) = (query, key, value)
    (self.switches, self.directions) = (switches, directions)
  }

  /// The rows from `first` on.
  public func from(_ first: Int) -> AttentionTargets {
    AttentionTargets(
      query: query?.from(first), key: key?.from(first), value: value?.from(first),
      switches: switches?.from(first), directions: directions?.from(first))
  }
}

/// An atom whose neighbors attention is over.
public struct AttentionAtom<Scalar> {
  let count: Int, empty: Scalar
  let scratch: UnsafeMutablePointer<Scalar>

  /// An atom with `count` neighbors and `empty` slots; `scratch` has room for
  /// `NeighborAttention.scratchCount` numbers.
  public init(count: Int, empty: Scalar, scratch: UnsafeMutablePointer<Scalar>) {
    (self.count, self.empty, self.scratch) = (count, empty, scratch)
  }
}
