/// The number of a value among a program's values.
public typealias ValueID = Int
/// The number of a space, an index table or a row weight among those that a program names.
typealias SpaceID = Int
typealias TableID = Int
typealias WeightID = Int

/// Numbers that an operation reads or makes: `[rows of its space][width]`.
public struct Value: Sendable {
  /// Where its numbers come from.
  public enum Origin: Sendable, Equatable {
    /// The model's parameters, from this place on in the vector of their precision.
    case parameter(Int)
    /// They are the same for all frames; `[rows][width]`.
    case constant([Double])
    /// They belong to the frame: the normalized frame and atom parameters of each atom.
    case frame
    /// An operation makes them.
    case operation
  }

  /// For people and messages.
  public let name: String
  /// What its rows are.
  public let space: Space
  let spaceID: SpaceID
  /// Numbers in a row.
  public let width: Int
  /// Where it comes from.
  public let origin: Origin
  /// Whether it depends on displacements: then it has a tangent and an adjoint.
  public let moves: Bool
  /// Whether it depends on parameters: then its adjoint has a tangent.
  public let learns: Bool
  /// Whether its time is attention's.
  let isOfAttention: Bool
}

/// How an operation reads a value: some of its columns, rows through an index table.
public struct View: Sendable, Equatable {
  /// The value.
  public let value: ValueID
  /// Its columns.
  public let columns: Range<Int>
  /// Which row each row of the operation reads; nil for its own.
  let table: TableID?
  /// Where it reads other atoms' rows: the number of the halo that their adjoints wait in.
  let halo: Int?

  init(_ value: ValueID, columns: Range<Int>, table: TableID? = nil, halo: Int? = nil) {
    (self.value, self.columns, self.table, self.halo) = (value, columns, table, halo)
  }

  /// Number of columns.
  public var width: Int { columns.count }

  /// Some of its columns.
  public subscript(part: Range<Int>) -> View {
    precondition(part.upperBound <= width)
    let first = columns.lowerBound + part.lowerBound
    return View(value, columns: first..<first + part.count, table: table, halo: halo)
  }
}

/// Values whose rows are gathered at neighbors through one table: their adjoints wait there for the
/// end of the stage.
struct Halo: Sendable, Equatable {
  let value: ValueID, table: TableID
}
