import Kernels
import Random
import Testing

/// Widths and axes around the edges of vectors, and those that people use.
struct DescriptorShape: Sendable, CustomTestStringConvertible {
  let width: Int, axis: Int
  var testDescription: String { "\(width), \(axis)" }

  static let all: [DescriptorShape] = [
    (1, 1), (3, 2), (12, 4), (17, 5), (20, 5), (31, 16), (50, 17), (100, 16), (128, 20), (100, 37),
  ].map { DescriptorShape(width: $0.0, axis: $0.1) }
}

/// The products of one atom against their definitions, number by number.
@Suite struct DescriptorProductTests {
  func numbers<Scalar: NetworkScalar>(_ count: Int, _ step: UInt64) -> [Scalar] {
    var random = CounterRandom(seed: 3, purpose: "descriptor products", step: step)
    return (0..<count).map { _ in Scalar(random.normal()) }
  }

  /// Rows are further apart than they are wide: what lies between them is to stay as it is.
  func stride(_ shape: DescriptorShape) -> Int { shape.width + 5 }

  func agree<Scalar: NetworkScalar>(_ a: [Scalar], _ b: [Scalar]) -> Bool {
    let bound: Double = Scalar.precision == .float64 ? 1e-13 : 1e-4
    return a.count == b.count
      && zip(a, b).allSatisfy { abs(Double($0) - Double($1)) <= bound * max(1, abs(Double($1))) }
  }

  func checkColumns<Scalar: NetworkScalar>(
    _ shape: DescriptorShape, _ type: Scalar.Type, count: Int
  ) {
    let (w, s) = (shape.width, stride(shape))
    let t: [Scalar] = numbers(4 * s, 2), u: [Scalar] = numbers(4 * s, 3)
    let rows = (0..<count).map { n in
      (0..<3).map { SIMD4<Scalar>(numbers(4, UInt64(20 + 3 * n + $0))) }
    }
    let factors = rows.map { ColumnFactors($0[0], $0[1], $0[2]) }
    var g = [Scalar](repeating: 7, count: count * w + 1), h = g
    combineColumns(of: t, u, by: factors, count: count, width: w, stride: s, into: &g, &h)
    func sum(_ row: SIMD4<Scalar>, _ t: [Scalar], _ m: Int) -> Scalar {
      row[0] * t[m] + row[1] * t[s + m] + row[2] * t[2 * s + m] + row[3] * t[3 * s + m]
    }
    let places = rows.flatMap { row in (0..<w).map { (row, $0) } }
    #expect(agree(g, places.map { sum($0[0], t, $1) } + [7]))
    #expect(agree(h, places.map { sum($0[1], t, $1) + sum($0[2], u, $1) } + [7]))
  }

  func checkNeighbors<Scalar: NetworkScalar>(_ shape: DescriptorShape, _ type: Scalar.Type) {
    let (w, s, gRow, count) = (shape.width, stride(shape), shape.width + 3, 5)
    let g: [Scalar] = numbers(count * gRow, 1), h: [Scalar] = numbers(count * gRow, 9)
    let t: [Scalar] = numbers(4 * s, 2)
    let rows = (0..<count).map { SIMD4<Scalar>(numbers(4, UInt64(10 + $0))) }
    var sum = t
    addOuterProducts(rows, g, gRow: gRow, count: count, to: &sum, width: w, stride: s)
    var expected = t
    for (n, row) in rows.enumerated() {
      for c in 0..<4 { for m in 0..<w { expected[c * s + m] += row[c] * g[n * gRow + m] } }
    }
    #expect(agree(sum, expected))

    var parts = t
    addOuterProducts(rows, g, gRow: gRow, count: 2, to: &parts, width: w, stride: s)
    addOuterProducts(
      Array(rows[2...]), Array(g[(2 * gRow)...]), gRow: gRow, count: count - 2, to: &parts,
      width: w, stride: s)
    #expect(parts == sum, "the sum may be cut between neighbors")

    var ofG = [SIMD4<Scalar>](repeating: .zero, count: count), ofH = ofG
    project(
      g, h, gRow: gRow, count: count, on: t, width: w, stride: s, into: &ofG, &ofH)
    func products(_ g: [Scalar]) -> [Scalar] {
      (0..<count).flatMap { n in
        (0..<4).map { c in
          (0..<w).reduce(Scalar(0)) { $0 + t[c * s + $1] * g[n * gRow + $1] }
        }
      }
    }
    #expect(agree(ofG.flatMap { row in (0..<4).map { row[$0] } }, products(g)))
    #expect(agree(ofH.flatMap { row in (0..<4).map { row[$0] } }, products(h)))
  }

  @Test(arguments: DescriptorShape.all)
  func `the products of an atom's neighbors are their definitions`(shape: DescriptorShape) {
    checkNeighbors(shape, Double.self)
    checkNeighbors(shape, Float.self)
  }

  @Test(arguments: DescriptorShape.all)
  func `combined columns are their definitions`(shape: DescriptorShape) {
    for count in [0, 1, 3] {
      checkColumns(shape, Double.self, count: count)
      checkColumns(shape, Float.self, count: count)
    }
  }

  func checkSquare<Scalar: NetworkScalar>(_ shape: DescriptorShape, _ type: Scalar.Type) {
    let (w, axis, s) = (shape.width, shape.axis, stride(shape))
    guard axis <= w else { return }
    let l: [Scalar] = numbers(4 * s, 4), r: [Scalar] = numbers(4 * s, 5)
    let start: [Scalar] = numbers(w * axis + 3, 6), dBar: [Scalar] = numbers(w * axis, 7)

    var d = start
    addSquare(l, r, to: &d, width: w, axis: axis, stride: s)
    var expected = start
    for m in 0..<w {
      for a in 0..<axis { for c in 0..<4 { expected[m * axis + a] += l[c * s + m] * r[c * s + a] } }
    }
    #expect(agree(d, expected))

    let before: [Scalar] = numbers(4 * s, 8)
    var tBar = before
    addSquareAdjoint(dBar, l, to: &tBar, width: w, axis: axis, stride: s)
    var adjoint = before
    for m in 0..<w {
      for a in 0..<axis {
        for c in 0..<4 {
          adjoint[c * s + m] += l[c * s + a] * dBar[m * axis + a]
          adjoint[c * s + a] += l[c * s + m] * dBar[m * axis + a]
        }
      }
    }
    #expect(agree(tBar, adjoint))
  }

  @Test(arguments: DescriptorShape.all)
  func `an atom's descriptor and its adjoint are their definitions`(shape: DescriptorShape) {
    checkSquare(shape, Double.self)
    checkSquare(shape, Float.self)
  }
}
