/// The form `φ(x, y, z̄) = Σ_p w_p Σ x y z̄` over the columns of three rows: one product of two
/// values, and its transposes.
///
/// A letter is a loop over columns; it has a size and, in each of the three rows, the distance
/// between two columns (0 if the row does not have the letter).  The product is `∂φ/∂z̄`, its two
/// transposes are `∂φ/∂x` and `∂φ/∂y`, so one loop nest serves all passes.
/// Source: docs/MATH.md, "Operations".
public struct TrilinearForm: Sendable, Equatable {
  /// One of the three rows.
  public enum Role: Int, Sendable {
    /// The first factor.
    case x
    /// The second factor.
    case y
    /// The product.
    case z
  }

  /// A loop over columns.
  public struct Letter: Sendable, Equatable {
    /// The number of iterations, and the steps in the rows of x, y and z.
    public let size: Int, steps: SIMD3<Int>

    /// A loop of `size` with steps `x`, `y`, `z`.
    public init(_ size: Int, x: Int, y: Int, z: Int) {
      self.size = size
      steps = SIMD3(x, y, z)
    }
  }

  /// Columns of x, y and z, without gaps.
  public let widths: SIMD3<Int>
  private let letters: [Letter], nests: [LoopNest]

  /// Makes the form with up to three letters.
  public init(_ letters: [Letter]) {
    precondition(letters.count <= 3)
    var widths = SIMD3(1, 1, 1)
    for letter in letters { widths &+= (letter.size - 1) &* letter.steps }
    self.widths = widths
    self.letters = letters
    nests = [Role.x, .y, .z].map { LoopNest(letters, role: $0) }
  }

  /// Number of terms of the sum over letters.
  public var termCount: Int { letters.reduce(1) { $0 * $1.size } }

  /// The columns of x, y and z in each term of the sum over letters.
  public var terms: [SIMD3<Int>] {
    letters.reduce([SIMD3(0, 0, 0)]) { terms, letter in
      terms.flatMap { term in (0..<letter.size).map { term &+ $0 &* letter.steps } }
    }
  }

  /// `z_mk = x_m y_k`, stored with k slowest.
  public static func outer(_ m: Int, _ k: Int) -> TrilinearForm {
    TrilinearForm([Letter(m, x: 1, y: 0, z: 1), Letter(k, x: 0, y: 1, z: m)])
  }

  /// `z_ma = Σ_k x_km y_ka` for an x `[k][m]` of which y is the first `a` columns of each row.
  public static func gram(_ m: Int, _ k: Int, _ a: Int) -> TrilinearForm {
    TrilinearForm([
      Letter(m, x: 1, y: 0, z: a), Letter(k, x: m, y: m, z: 0), Letter(a, x: 0, y: 1, z: 1),
    ])
  }

  /// `z = Σ_k x_k y_k`.
  public static func dot(_ k: Int) -> TrilinearForm {
    TrilinearForm([Letter(k, x: 1, y: 1, z: 0)])
  }

  /// `z_m = x_m y`.
  public static func scaled(_ m: Int) -> TrilinearForm {
    TrilinearForm([Letter(m, x: 1, y: 0, z: 1)])
  }

  /// `z_m = x_m y_m`.
  public static func elementwise(_ m: Int) -> TrilinearForm {
    TrilinearForm([Letter(m, x: 1, y: 1, z: 1)])
  }

  /// `z_o = Σ_i x_i y_io`: a dense product where y is a matrix.
  public static func dense(_ inputs: Int, _ outputs: Int) -> TrilinearForm {
    TrilinearForm([
      Letter(inputs, x: 1, y: outputs, z: 0), Letter(outputs, x: 0, y: 1, z: 1),
    ])
  }

  /// The loops that compute the derivative of φ with respect to `role`.
  func nest(_ role: Role) -> LoopNest { nests[role.rawValue] }
}

/// Three loops; the innermost one runs over adjacent numbers if there are any.
struct LoopNest: Sendable, Equatable {
  /// The kind of the innermost loop; in `.scaled`, `b` does not move.
  enum Inner { case single, scaled, dot, elementwise, general }

  /// The sizes, and the steps of the result and of both factors, outermost loop first.
  private(set) var sizes = SIMD3(1, 1, 1), out = SIMD3<Int>.zero
  private(set) var a = SIMD3<Int>.zero, b = SIMD3<Int>.zero
  private(set) var inner = Inner.single
  /// Whether the two factors, in the order of the roles, are exchanged.
  private(set) var swaps = false

  init(_ letters: [TrilinearForm.Letter], role: TrilinearForm.Role) {
    let (first, second) = role == .x ? (1, 2) : role == .y ? (0, 2) : (0, 1)
    let sorted = letters.sorted { rank($0) < rank($1) }
    for (place, letter) in zip((0..<3).suffix(sorted.count), sorted) {
      sizes[place] = letter.size
      out[place] = letter.steps[role.rawValue]
      a[place] = letter.steps[first]
      b[place] = letter.steps[second]
    }
    swaps = a[2] == 0 && b[2] == 1
    if swaps { (a, b) = (b, a) }
    inner =
      switch (out[2], a[2], b[2]) {
      case _ where sizes == SIMD3(1, 1, 1): .single
      case (1, 1, 0): .scaled
      case (0, 1, 1): .dot
      case (1, 1, 1): .elementwise
      default: .general
      }
    func rank(_ letter: TrilinearForm.Letter) -> Int {
      let steps = SIMD3(
        letter.steps[role.rawValue], letter.steps[first], letter.steps[second])
      let isAdjacent = (0..<3).allSatisfy { steps[$0] <= 1 }
      return isAdjacent ? letter.size : letter.size - 1_000_000
    }
  }
}
