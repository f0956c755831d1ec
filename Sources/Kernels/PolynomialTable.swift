/// A function of one number as polynomials of degree five on intervals: what a compressed model of
/// DeePMD-kit has of an embedding net.
///
/// A row holds the polynomial of one interval for all outputs, in `x - start`.  Rows of the first
/// part are `spacing` apart, those of the second part `farSpacing`.  Below the first part and above
/// the second one the function goes on as a straight line.
/// Source: DeePMD-kit's `tabulate_fusion` (dpmodel/utils/tabulate.py); docs/MATH.md, "Embedding
/// table".
public struct PolynomialTable: Sendable, Equatable {
  /// Where the first part begins and ends, where the second part ends, the spacings of both, and a
  /// number without a meaning (`compress_info`).
  public let layout: [Double]
  /// Number of outputs.
  public let outputs: Int
  /// The number format in which rows are found, as DeePMD-kit does.
  public let precision: Precision
  /// The coefficients, constant first, `[rows][outputs][6]` (`compress_data`).
  public let coefficients: [Double]

  /// Takes the arrays of a model; nil if their numbers or their sizes are impossible.
  public init?(
    layout: [Double], outputs: Int, coefficients: [Double], precision: Precision = .float64
  ) {
    (self.layout, self.outputs, self.coefficients) = (layout, outputs, coefficients)
    self.precision = precision
    guard outputs > 0, layout.count == 6, layout.allSatisfy(\.isFinite),
      coefficients.allSatisfy(\.isFinite), !coefficients.isEmpty,
      coefficients.count.isMultiple(of: 6 * outputs), spacing > 0, farSpacing > 0,
      lower < upper, upper <= end, quotient <= Double(rows)
    else { return nil }
  }

  /// A table of zeros with the layout of this one.
  public var zero: PolynomialTable {
    PolynomialTable(zerosLike: self)
  }

  private init(zerosLike other: PolynomialTable) {
    (layout, outputs, precision) = (other.layout, other.outputs, other.precision)
    coefficients = Array(repeating: 0, count: other.coefficients.count)
  }

  /// The number of rows.
  public var rows: Int { coefficients.count / (6 * outputs) }

  /// The ends of the parts, and the distances between the starts of rows.
  public var lower: Double { layout[0] }
  /// See `lower`.
  public var upper: Double { layout[1] }
  /// See `lower`.
  public var end: Double { layout[2] }
  /// See `lower`.
  public var spacing: Double { layout[3] }
  /// See `lower`.
  public var farSpacing: Double { layout[4] }

  /// A part: where its first row begins, how far apart rows are, and which rows.
  struct Part {
    let start: Double, spacing: Double, rows: Range<Int>
  }

  /// The two parts; the second one may have no rows.
  ///
  /// If the first part is no multiple of its spacing, its last piece uses the row after it, as in
  /// DeePMD-kit.
  var parts: (near: Part, far: Part) {
    let first = min(Int(quotient), rows)
    return (
      Part(start: lower, spacing: spacing, rows: 0..<min(Int(quotient.rounded(.up)), rows)),
      Part(start: upper, spacing: farSpacing, rows: first..<rows)
    )
  }

  /// The length of the first part, in units of its spacing.
  private var quotient: Double {
    precision == .float64
      ? (upper - lower) / spacing : Double((Float(upper) - Float(lower)) / Float(spacing))
  }

  /// Value, slope and curvature of output `m` in `row`, `x` behind the start of the row.
  @inline(__always)
  func jet(_ row: Int, _ m: Int, at x: Double) -> (value: Double, slope: Double, curve: Double) {
    coefficients.withUnsafeBufferPointer { all in
      let a = all.baseAddress.unsafelyUnwrapped + 6 * (row * outputs + m)
      return (
        a[0] + x * (a[1] + x * (a[2] + x * (a[3] + x * (a[4] + x * a[5])))),
        a[1] + x * (2 * a[2] + x * (3 * a[3] + x * (4 * a[4] + x * 5 * a[5]))),
        2 * a[2] + x * (6 * a[3] + x * (12 * a[4] + x * 20 * a[5]))
      )
    }
  }
}
