import Kernels

/// One step of a program.  The set is closed: every model is made of the first six and, if it has
/// tabulated pair potentials, of the last; the others each do what several of those do, faster.
///
/// Each has four passes, in `TilePasses`.  Source: docs/MATH.md, "Operations".
public enum Operation: Sendable {
  /// A function of the displacement of each pair.
  case geometry(Geometry)
  /// A product of two values.
  case bilinear(Bilinear)
  /// A linear combination, gathered and summed by segments.
  case sum(Sum)
  /// A function of each number.
  case map(Map)
  /// A row to mean 0 and variance 1, or to length 1.
  case normalize(Normalize)
  /// Weights that add up to 1 over the rows of a segment.
  case softmax(Softmax)
  /// A network of one number, by tables.
  case table(Table)
  /// Environment rows, a network of their radial part by tables, gated or not, and the sum of their
  /// outer products over an atom's neighbors.
  case moments(Moments)
  /// Attention over the neighbors of an atom.
  case attention(Attention)
  /// Dense layers of rows and of what is gathered for them, added up.
  case message(Message)
  /// The energy of an atom by a tabulated pair potential.
  case pairEnergy(PairEnergy)

  /// `y(d)`.
  public struct Geometry: Sendable {
    let out: ValueID, rows: SpaceID, list: Int, function: PairFunction
    let edges: TableID
    /// Where the list's mean is subtracted, and the difference divided by its deviation: the places
    /// of both.
    let statistics: TableID?
  }

  /// `z[to] += factor · weight · B(x, y)`.
  public struct Bilinear: Sendable {
    let out: ValueID, rows: SpaceID, x: View, y: View
    let form: TrilinearForm
    /// Set where y is a matrix and x stands in order: then it is a product of matrices.
    let dense: DenseProduct?
    let to: TableID?, factor: Double, weight: WeightID?
  }

  /// `y[to] += Σ_terms factor · weight · x`, then `+ constant`.
  public struct Sum: Sendable {
    let out: ValueID, rows: SpaceID, terms: [Term]
    let to: TableID?, constant: Double
  }

  /// One term of a sum, which goes to the columns from `offset` on.
  public struct Term: Sendable {
    let x: View
    let factor: Double, offset: Int, weight: WeightID?
  }

  /// `y = f(x)`.
  public struct Map: Sendable {
    let out: ValueID, rows: SpaceID, x: View, activation: Activation
  }

  /// `y = u r`.
  public struct Normalize: Sendable {
    let out: ValueID, rows: SpaceID, x: View, normalization: RowNormalization
  }

  /// `y = eˣ / (Σ eˣ + extra)`.
  public struct Softmax: Sendable {
    let out: ValueID, rows: SpaceID, x: View
    /// The segment of each row, and what is added to its sum.
    let segment: TableID, extra: WeightID?
  }

  /// `y = net(x)`, interpolated between the nodes of a table, or of one table for each type or pair
  /// of types; or by the network itself, `atOnce` for many rows, which serves predictions only.
  public struct Table: Sendable {
    let out: ValueID, rows: SpaceID, x: View
    var table: NetworkTable
    var atOnce = false
  }

  /// `T[atom] += Σ_p net(R_p0) ⊗ R_p / slots`.
  public struct Moments: Sendable {
    let out: ValueID, rows: SpaceID
    /// The pair and the atom of each row, how often it counts, and the rows' normalization for each
    /// type of center.
    let edges: TableID, atoms: TableID, counts: WeightID, environments: [CenterEnvironment]
    var table: NetworkTable
  }

  /// `z_p = Σ_q a_pq v_q` over the pairs of each atom; rows that are no pairs get nothing.
  public struct Attention: Sendable {
    let out: ValueID, rows: SpaceID
    let query: View, key: View, value: View
    /// The smooth switch and the direction of each pair; nil where they take no part.
    let switches: View?, directions: View?
    let attention: HeadedAttention
    /// The atom and the pair of each row, and the number of its empty slots.
    let atoms: TableID, edges: TableID, empty: WeightID
  }

  /// `y = (k, k E)`, see `PairPotentialRows`; it depends on displacements alone.
  public struct PairEnergy: Sendable {
    let out: ValueID, rows: SpaceID
    let table: PairTable, nearness: NearnessSwitch?
    /// Types whose atoms have no energy.
    let silentTypes: Set<Int>
    /// The pair, the atom and the pair of types of each row.
    let edges: TableID, atoms: TableID, types: TableID
  }

  /// The value that it makes.
  public var out: ValueID {
    switch self {
    case .geometry(let op): op.out
    case .bilinear(let op): op.out
    case .sum(let op): op.out
    case .map(let op): op.out
    case .normalize(let op): op.out
    case .softmax(let op): op.out
    case .table(let op): op.out
    case .moments(let op): op.out
    case .attention(let op): op.out
    case .message(let op): op.out
    case .pairEnergy(let op): op.out
    }
  }

  /// Whether it stands for a chain of others that make the same value.
  var isFused: Bool { if case .attention = self { true } else { false } }

  /// The same by the network itself, for many rows at once; nil if it does not stand for a network
  /// alone.
  var atOnce: Operation? {
    guard case .table(var op) = self else { return nil }
    op.atOnce = true
    return .table(op)
  }

  /// The table that it reads, of those that have one.
  var table: NetworkTable? {
    get {
      switch self {
      case .table(let op): op.atOnce ? nil : op.table
      case .moments(let op): op.table
      default: nil
      }
    }
    set {
      guard let newValue else { return }
      switch self {
      case .table(var op):
        op.table = newValue
        self = .table(op)
      case .moments(var op):
        op.table = newValue
        self = .moments(op)
      default: break
      }
    }
  }

  /// The rows that it goes over.
  var rows: SpaceID {
    switch self {
    case .geometry(let op): op.rows
    case .bilinear(let op): op.rows
    case .sum(let op): op.rows
    case .map(let op): op.rows
    case .normalize(let op): op.rows
    case .softmax(let op): op.rows
    case .table(let op): op.rows
    case .moments(let op): op.rows
    case .attention(let op): op.rows
    case .message(let op): op.rows
    case .pairEnergy(let op): op.rows
    }
  }

  /// What it reads, displacements apart.
  public var inputs: [View] {
    switch self {
    case .geometry, .pairEnergy: []
    case .bilinear(let op): [op.x, op.y]
    case .sum(let op): op.terms.map(\.x)
    case .map(let op): [op.x]
    case .normalize(let op): [op.x]
    case .softmax(let op): [op.x]
    case .table(let op): [op.x] + op.table.inputs
    case .moments(let op): op.table.inputs
    case .attention(let op):
      [op.query, op.key, op.value] + [op.switches, op.directions].compactMap { $0 }
    case .message(let op): op.layers.flatMap(\.inputs) + op.others.terms.map(\.x)
    }
  }
}
