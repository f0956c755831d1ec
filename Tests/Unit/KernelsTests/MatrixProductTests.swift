import Kernels
import Random
import Testing

/// Sizes around the edges of tiles and vectors, beyond a block, and those whose columns of `B`
/// are copied: with rows of `B` a multiple of 256 bytes apart, or many rows.
struct ProductCase: Sendable, CustomTestStringConvertible {
  let rows: Int, columns: Int, inner: Int
  var testDescription: String { "\(rows) × \(inner) × \(columns)" }

  static let all: [ProductCase] = [
    (1, 1, 1), (1, 25, 1), (7, 3, 5), (8, 24, 16), (9, 25, 3), (16, 48, 40), (17, 49, 7),
    (25, 50, 64), (31, 71, 33), (32, 240, 400), (64, 1, 240), (240, 17, 1), (50, 100, 900),
    (32, 64, 48), (45, 192, 71), (70, 64, 130), (100, 50, 60), (97, 71, 130), (104, 100, 300),
    (16, 20, 300), (8, 20, 300), (5, 20, 600),
  ].map { ProductCase(rows: $0.0, columns: $0.1, inner: $0.2) }
}

@Suite struct MatrixProductTests {
  func numbers<Scalar: NetworkScalar>(_ count: Int, _ step: UInt64) -> [Scalar] {
    var random = CounterRandom(seed: 1, purpose: "product test", step: step)
    return (0..<count).map { _ in Scalar(random.normal()) }
  }

  /// Checks one product against OpenBLAS, and that nothing is written around it.
  func check<Scalar: OpenBLASScalar>(
    _ c: ProductCase, _ target: ProductTarget, transposedA: Bool, _ type: Scalar.Type
  ) {
    let (m, n, k) = (c.rows, c.columns, c.inner)
    let a: [Scalar] = numbers(m * k, 1), b: [Scalar] = numbers(k * n, 2)
    let start: [Scalar] = numbers(m * n, 3)
    var expected = start
    Scalar.gemm(
      transposeA: transposedA, rows: m, columns: n, inner: k, a, strideA: transposedA ? m : k, b,
      beta: target == .add ? 1 : 0, &expected)
    if target == .setTransposed {
      let plain = expected
      for i in 0..<m { for j in 0..<n { expected[j * m + i] = plain[i * n + j] } }
    }
    let margin = 64, guardNumber: Scalar = -77
    let fence = Array(repeating: guardNumber, count: margin)
    var found = fence + start + fence
    found.withUnsafeMutableBufferPointer { found in
      guard let base = found.baseAddress else { return }
      multiply(
        rows: m, columns: n, inner: k,
        MatrixOperand(a, row: transposedA ? 1 : k, column: transposedA ? m : 1),
        MatrixOperand(b, row: n), into: base + margin, row: target == .setTransposed ? m : n,
        target)
    }
    #expect(found.prefix(margin) == fence[...] && found.suffix(margin) == fence[...])
    let tolerance = Scalar(64 * Double(k).squareRoot()) * Scalar.ulpOfOne
    let worst = zip(found[margin...], expected).map { abs($0 - $1) }.max() ?? 0
    #expect(worst <= tolerance)
  }

  @Test(arguments: ProductCase.all) func `products are OpenBLAS's`(c: ProductCase) {
    for target in [ProductTarget.set, .add, .setTransposed] {
      for transposedA in [false, true] {
        check(c, target, transposedA: transposedA, Double.self)
        check(c, target, transposedA: transposedA, Float.self)
      }
    }
  }

  func checkBias<Scalar: NetworkScalar>(_ c: ProductCase, _ type: Scalar.Type) {
    let (m, n, k) = (c.rows, c.columns, c.inner)
    let a: [Scalar] = numbers(m * k, 1), b: [Scalar] = numbers(k * n, 2)
    let bias: [Scalar] = numbers(n, 6)
    for (aRow, aColumn) in [(k, 1), (1, m)] {
      var plain = [Scalar](repeating: 7, count: m * n), biased = plain
      multiply(
        rows: m, columns: n, inner: k, MatrixOperand(a, row: aRow, column: aColumn),
        MatrixOperand(b, row: n), into: &plain, row: n)
      multiply(
        rows: m, columns: n, inner: k, MatrixOperand(a, row: aRow, column: aColumn),
        MatrixOperand(b, row: n), into: &biased, row: n, bias: bias)
      for i in plain.indices { plain[i] += bias[i % n] }
      #expect(biased == plain)
    }
  }

  @Test(arguments: ProductCase.all) func `a bias is added to every row`(c: ProductCase) {
    checkBias(c, Double.self)
    checkBias(c, Float.self)
  }

  @Test(arguments: [(9, 25), (3, 5), (100, 60)])
  func `a product of no terms is zero, and the bias`(m: Int, n: Int) {
    let a = [1.0], b = [1.0], bias: [Double] = numbers(n, 1)
    let start: [Double] = numbers(m * n, 2)
    var (zero, biased, sum) = (start, start, start)
    for (aRow, aColumn) in [(1, m), (1, 1), (20, 1)] {
      func multiply(
        into c: UnsafeMutablePointer<Double>, _ target: ProductTarget = .set,
        bias: UnsafePointer<Double>? = nil
      ) {
        Kernels.multiply(
          rows: m, columns: n, inner: 0, MatrixOperand(a, row: aRow, column: aColumn),
          MatrixOperand(b, row: n), into: c, row: n, target, bias: bias)
      }
      multiply(into: &zero)
      multiply(into: &biased, bias: bias)
      multiply(into: &sum, .add)
      #expect(zero.allSatisfy { $0 == 0 } && sum == start)
      #expect(biased.indices.allSatisfy { biased[$0] == bias[$0 % n] })
    }
  }

  /// A gradient is replaced by setting it, which has to give the same bits as adding to zeros.
  @Test(arguments: ProductCase.all) func `adding adds what setting gives`(c: ProductCase) {
    let (m, n, k) = (c.rows, c.columns, c.inner)
    let a: [Double] = numbers(m * k, 1), b: [Double] = numbers(k * n, 2)
    let start: [Double] = numbers(m * n, 3)
    for (aRow, aColumn) in [(k, 1), (1, m)] {
      var product = start, sum = start
      multiply(
        rows: m, columns: n, inner: k, MatrixOperand(a, row: aRow, column: aColumn),
        MatrixOperand(b, row: n), into: &product, row: n)
      multiply(
        rows: m, columns: n, inner: k, MatrixOperand(a, row: aRow, column: aColumn),
        MatrixOperand(b, row: n), into: &sum, row: n, .add)
      #expect(sum == zip(start, product).map { $0 + $1 })
    }
  }

  /// Some whole products copy columns of `B`, their parts of fewer rows do not.
  @Test(arguments: [
    (50, 70, 500, false), (50, 64, 500, false), (50, 64, 130, false), (50, 64, 500, true),
    (110, 70, 130, false), (110, 70, 300, true),
  ])
  func `cutting rows or columns changes no bit`(m: Int, n: Int, k: Int, transposedA: Bool) {
    let aRow = transposedA ? 1 : k, aColumn = transposedA ? m : 1
    let a: [Double] = numbers(m * k, 4), b: [Double] = numbers(k * n, 5)
    var whole = Array(repeating: 0.0, count: m * n), cut = whole
    multiply(
      rows: m, columns: n, inner: k, MatrixOperand(a, row: aRow, column: aColumn),
      MatrixOperand(b, row: n), into: &whole, row: n)
    cut.withUnsafeMutableBufferPointer { cut in
      guard let base = cut.baseAddress else { return }
      for rows in [0..<3, 3..<20, 20..<m] {
        for columns in [0..<24, 24..<33, 33..<n] {
          a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
              guard let a = a.baseAddress, let b = b.baseAddress else { return }
              multiply(
                rows: rows.count, columns: columns.count, inner: k,
                MatrixOperand(a + rows.lowerBound * aRow, row: aRow, column: aColumn),
                MatrixOperand(b + columns.lowerBound, row: n),
                into: base + rows.lowerBound * n + columns.lowerBound, row: n)
            }
          }
        }
      }
    }
    #expect(cut == whole)
  }
}
