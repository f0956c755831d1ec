import Kernels
import Random
import Testing

/// Tables of polynomials, against the polynomials themselves.
@Suite struct PolynomialTableTests {
  /// A table of 6 rows 0.5 apart from -1 on and of 2 rows 1 apart from 2 on, of random numbers.
  private func table(_ outputs: Int) throws -> PolynomialTable {
    var random = CounterRandom(seed: 5, purpose: "polynomials")
    return try #require(
      PolynomialTable(
        layout: [-1, 2, 4, 0.5, 1, -1], outputs: outputs,
        coefficients: (0..<8 * outputs * 6).map { _ in random.normal() }))
  }

  /// Value and slope as DeePMD-kit's `tabulate_fusion` has them.
  private func plain(
    _ table: PolynomialTable, _ m: Int, _ x: Double
  ) -> (value: Double, slope: Double) {
    let row = x < -1 ? 0 : x < 2 ? Int((x + 1) / 0.5) : x < 4 ? 6 + Int(x - 2) : 7
    let start = row < 6 ? -1 + 0.5 * Double(row) : 2 + Double(row - 6)
    let inside = min(max(x, -1), 4), d = inside - start
    let a = table.coefficients[(row * table.outputs + m) * 6..<(row * table.outputs + m + 1) * 6]
    var value = 0.0, slope = 0.0
    for c in a.reversed() { (value, slope) = (value * d + c, slope * d + value) }
    return (value + slope * (x - inside), slope)
  }

  @Test(arguments: [1, 8, 13]) func `values and slopes are those of the rows, and of lines beyond`(
    outputs: Int
  ) throws {
    let polynomials = try table(outputs), table = EmbeddingTable<Double>(polynomials)
    var x = [-3.0, -1.2, -1, -0.75, 0.3, 1.9999, 2, 2.5, 3, 3.5, 3.999, 4, 5, 9, 100]
    var one = x.map { _ in 1.0 }, y = x.flatMap { _ in (0..<outputs).map { _ in 0.0 } }, yDot = y
    let nodes = [table.nodes(adjoints: 0)], count = x.count
    let passes = TableRows(
      nodes, tableNumbers: nil, x: Rows(&x, stride: 1), width: outputs, count: count)
    passes.set(into: Rows(&y, stride: outputs))
    passes.addTangent(Rows(&one, stride: 1), to: Rows(&yDot, stride: outputs))
    for p in x.indices {
      for m in 0..<outputs {
        let (value, slope) = plain(polynomials, m, x[p]), size = max(abs(value), 10)
        #expect(abs(y[p * outputs + m] - value) <= 1e-13 * size, "at \(x[p])")
        #expect(abs(yDot[p * outputs + m] - slope) <= 1e-12 * max(abs(slope), 10), "at \(x[p])")
      }
    }
  }

  @Test func `rows that meet share their nodes, and others do not`() throws {
    // x² in each row: (start + d)² = start² + 2 start d + d².
    func square(_ start: Double) -> [Double] { [start * start, 2 * start, 1, 0, 0, 0] }
    let starts = (0..<6).map { -1 + 0.5 * Double($0) } + [2, 3]
    let smooth = try #require(
      PolynomialTable(
        layout: [-1, 2, 4, 0.5, 1, -1], outputs: 1, coefficients: starts.flatMap(square)))
    // Two lines of two nodes each, and two parts.
    #expect(EmbeddingTable<Double>(smooth).count == 2 + 7 + 3 + 2)
    #expect(EmbeddingTable<Double>(try table(1)).count == 2 + 12 + 4 + 2)
  }

  @Test(arguments: [
    [-1, -1, 4, 0.5, 1, -1], [-1, 2, 1, 0.5, 1, -1], [-1, 2, 4, 0, 1, -1], [-1, 2, 4, 0.1, 1, -1],
    [-1, .nan, 4, 0.5, 1, -1], [-1, 2, 4, 0.5],
  ]) func `impossible layouts are refused`(layout: [Double]) {
    let numbers = Array(repeating: 0.0, count: 48)
    #expect(PolynomialTable(layout: layout, outputs: 1, coefficients: numbers) == nil)
  }
}
