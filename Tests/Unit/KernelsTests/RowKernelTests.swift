import Kernels
import Random
import Testing

/// Kernels over rows against loops that anyone can check, and against each other's derivatives.
@Suite struct RowKernelTests {
  typealias Letter = TrilinearForm.Letter

  /// Every product that a descriptor uses, at small widths and at those of production.
  static let forms: [TrilinearForm] = [
    .outer(5, 4), .outer(100, 4), .gram(5, 4, 2), .gram(100, 4, 16), .dot(3), .dot(128),
    .scaled(1), .scaled(100), .elementwise(7), .elementwise(100), .dense(9, 6), .dense(64, 50),
    // Products of attention with several heads: q kᵀ, a v, and a matrix of heads.
    TrilinearForm([Letter(8, x: 4, y: 4, z: 0), Letter(4, x: 1, y: 1, z: 1)]),
    TrilinearForm([Letter(6, x: 0, y: 4, z: 4), Letter(4, x: 1, y: 1, z: 1)]),
    TrilinearForm([
      Letter(3, x: 4, y: 0, z: 2), Letter(4, x: 1, y: 2, z: 0), Letter(2, x: 0, y: 1, z: 1),
    ]),
  ]

  /// Random numbers.
  func numbers<Scalar: NetworkScalar>(_ count: Int, _ step: UInt64) -> Buffer<Scalar> {
    var random = CounterRandom(seed: 3, purpose: "row kernels", step: step)
    let buffer = Buffer<Scalar>(count)
    for k in 0..<count { buffer.base[k] = Scalar(random.normal()) }
    return buffer
  }

  func array<Scalar>(_ buffer: Buffer<Scalar>, _ count: Int) -> [Scalar] {
    Array(UnsafeBufferPointer(start: buffer.base, count: count))
  }

  @Test(arguments: forms) func `a product and its transposes are their form`(form: TrilinearForm) {
    check(form, Double.self, 1e-14)
    check(form, Float.self, 1e-5)
  }

  /// φ is one number, linear in each role: `<x, ∂φ/∂x> = <y, ∂φ/∂y> = <z, ∂φ/∂z> = φ`, which a
  /// plain sum over rows and letters gives.
  private func check<Scalar: NetworkScalar>(
    _ form: TrilinearForm, _ scalar: Scalar.Type, _ tolerance: Double
  ) {
    let count = 9, widths = form.widths
    let index: [Int32] = [2, 0, 1, 1, 1, 0, 3, 2, 2]
    let weights: Buffer<Scalar> = numbers(count, 9)
    let roles = (0..<3).map { numbers(4 * widths[$0], UInt64($0)) as Buffer<Scalar> }
    index.withUnsafeBufferPointer { index in
      func rows(_ k: Int, _ buffer: Buffer<Scalar>) -> Rows<Scalar> {
        Rows(buffer.base, stride: widths[k], index: index.baseAddress)
      }
      var values: [Double] = []
      for (k, role) in [TrilinearForm.Role.x, .y, .z].enumerated() {
        let others = (0..<3).filter { $0 != k }.map { rows($0, roles[$0]) }
        let out = Buffer<Scalar>(4 * widths[k])
        form.add(
          role, others[0], others[1], times: RowFactors(0.7, weights.base), to: rows(k, out),
          count: count)
        let pairs = zip(array(out, 4 * widths[k]), array(roles[k], 4 * widths[k]))
        values.append(pairs.reduce(0) { $0 + Double($1.0) * Double($1.1) })
      }
      let phi = plain(form, roles.map { array($0, $0.capacity).map { Double($0) } }, index) {
        0.7 * Double(weights.base[$0])
      }
      for value in values { #expect(abs(value - phi.sum) <= tolerance * phi.magnitude) }
    }
  }

  /// `Σ_p w_p Σ x y z` over all letters, and the sum of magnitudes.
  private func plain(
    _ form: TrilinearForm, _ roles: [[Double]], _ index: UnsafeBufferPointer<Int32>,
    _ weight: (Int) -> Double
  ) -> (sum: Double, magnitude: Double) {
    var sum = 0.0, magnitude = 0.0
    for p in index.indices {
      let first = form.widths &* Int(index[p])
      for steps in form.terms {
        let at = first &+ steps
        let term = weight(p) * roles[0][at.x] * roles[1][at.y] * roles[2][at.z]
        sum += term
        magnitude += abs(term)
      }
    }
    return (sum, magnitude)
  }

  @Test(arguments: [(1, 25), (1, 64), (50, 100), (100, 240), (9, 6), (30, 500)], [3, 8, 33, 70])
  func `dense products are the form of their letters`(shape: (Int, Int), count: Int) {
    let form = TrilinearForm.dense(shape.0, shape.1)
    let dense = DenseProduct(inputs: shape.0, outputs: shape.1)
    let x: Buffer<Double> = numbers(count * shape.0, 1),
      z: Buffer<Double> = numbers(count * shape.1, 2)
    let w: Buffer<Double> = numbers(shape.0 * shape.1, 3)
    let xRows = Rows(x.base, stride: shape.0), zRows = Rows(z.base, stride: shape.1)
    let wRows = Rows(w.base, stride: 0)
    for (role, size, stride) in [
      (TrilinearForm.Role.z, count * shape.1, shape.1), (.x, count * shape.0, shape.0),
      (.y, shape.0 * shape.1, 0),
    ] {
      let found: Buffer<Double> = numbers(size, 4), wanted: Buffer<Double> = numbers(size, 4)
      let to = Rows(found.base, stride: stride), plain = Rows(wanted.base, stride: stride)
      let scratch = Buffer<Double>(count * (shape.0 + shape.1))
      switch role {
      case .z:
        dense.set(xRows, w.base, into: to, count: count)
        for k in 0..<size { wanted.base[k] = 0 }
        form.add(.z, xRows, wRows, times: RowFactors(1), to: plain, count: count)
      case .x:
        dense.addToInputs(zRows, w.base, to: to, count: count, scratch: scratch.base)
        form.add(.x, wRows, zRows, times: RowFactors(1), to: plain, count: count)
      case .y:
        dense.addToWeights(xRows, zRows, to: found.base, count: count)
        form.add(.y, xRows, zRows, times: RowFactors(1), to: plain, count: count)
      }
      let worst = zip(array(found, size), array(wanted, size)).map { abs($0 - $1) }.max() ?? 1
      #expect(worst <= 1e-12)
    }
  }

  /// Of 70 rows the weights are transposed, of few rows the rows are.
  @Test(arguments: [(50, 100), (45, 500)])
  func `a product's adjoint has the same bits whatever is transposed`(inputs: Int, outputs: Int) {
    let dense = DenseProduct(inputs: inputs, outputs: outputs), count = 70
    let z: Buffer<Double> = numbers(count * outputs, 1),
      w: Buffer<Double> = numbers(inputs * outputs, 2)
    let found: [Buffer<Double>] = (0..<3).map { _ in numbers(count * inputs, 3) }
    let scratch = Buffer<Double>(count * (inputs + outputs))
    func rows(_ buffer: Buffer<Double>, _ width: Int, from first: Int = 0) -> Rows<Double> {
      Rows(buffer.row(first, width), stride: width)
    }
    dense.addToInputs(
      rows(z, outputs), w.base, to: rows(found[0], inputs), count: count, scratch: scratch.base)
    dense.transpose(w.base, into: scratch.base)
    dense.addToInputs(
      rows(z, outputs), transposed: scratch.base, to: rows(found[1], inputs), count: count)
    for range in [0..<33, 33..<70] {
      dense.addToInputs(
        rows(z, outputs, from: range.lowerBound), w.base,
        to: rows(found[2], inputs, from: range.lowerBound), count: range.count,
        scratch: scratch.base)
    }
    let wanted = array(found[0], count * inputs)
    #expect(array(found[1], count * inputs) == wanted && array(found[2], count * inputs) == wanted)
  }

  @Test(arguments: [(true, 1e-5), (false, 1e-12)], [3, 100])
  func `normalizing has the derivatives of its value`(kind: (Bool, Double), width: Int) {
    let normalization = RowNormalization(centers: kind.0, epsilon: kind.1)
    let count = 5, size = count * width
    checkDerivatives(size) { x, y in
      normalization.add(
        Rows(x.base, stride: width), to: Rows(y.base, stride: width), width: width, count: count)
    } derivative: { x, v, out in
      normalization.addDerivative(
        at: Rows(x.base, stride: width), of: Rows(v.base, stride: width),
        to: Rows(out.base, stride: width), width: width, count: count)
    } curvature: { x, z, xDot, out in
      normalization.addCurvature(
        at: Rows(x.base, stride: width), Rows(z.base, stride: width),
        along: Rows(xDot.base, stride: width), to: Rows(out.base, stride: width), width: width,
        count: count)
    }
  }

  @Test(arguments: [false, true], [1, 4])
  func `softmax has the derivatives of its value`(hasEmptySlots: Bool, width: Int) {
    let segments: [Int32] = [0, 0, 0, 1, 1, 4, 4, 4, 4, 4, 4, 4, 4, 4], count = segments.count
    let extra = [0.5, 1.5, 2.5, 3.5, 4.5]
    segments.withUnsafeBufferPointer { segments in
      extra.withUnsafeBufferPointer { extra in
        guard let segments = segments.baseAddress else { return }
        let softmax = SegmentSoftmax<Double>(
          segments: segments, extra: hasEmptySlots ? extra.baseAddress : nil, width: width,
          count: count)
        func rows(_ x: Buffer<Double>) -> Rows<Double> { Rows(x.base, stride: width) }
        checkDerivatives(count * width) { x, y in
          softmax.set(rows(x), into: y.base)
        } derivative: { x, v, out in
          let y = Buffer<Double>(count * width)
          softmax.set(rows(x), into: y.base)
          softmax.addDerivative(at: rows(y), of: rows(v), to: rows(out))
        } curvature: { x, z, xDot, out in
          let y = Buffer<Double>(count * width), yDot = Buffer<Double>(count * width)
          softmax.set(rows(x), into: y.base)
          softmax.addDerivative(at: rows(y), of: rows(xDot), to: rows(yDot))
          softmax.addCurvature(at: rows(y), rows(z), along: rows(yDot), to: rows(out))
        }
      }
    }
  }

  typealias Numbers = Buffer<Double>

  /// Tangent = differences; `<z, J v> = <J z, v>`; `JDot z` = differences of `J z`.
  private func checkDerivatives(
    _ size: Int, value: (Numbers, Numbers) -> Void,
    derivative: (Numbers, Numbers, Numbers) -> Void,
    curvature: (Numbers, Numbers, Numbers, Numbers) -> Void
  ) {
    let x: Numbers = numbers(size, 1), v: Numbers = numbers(size, 2), z: Numbers = numbers(size, 3)
    func moved(_ h: Double, _ body: (Numbers, Numbers) -> Void) -> [Double] {
      let at = Numbers(size), out = Numbers(size)
      for k in 0..<size { at.base[k] = x.base[k] + h * v.base[k] }
      body(at, out)
      return array(out, size)
    }
    func slope(_ body: (Numbers, Numbers) -> Void) -> [Double] {
      let h = 1e-4
      let (up, down) = (moved(h, body), moved(-h, body))
      let (up2, down2) = (moved(2 * h, body), moved(-2 * h, body))
      return (0..<size).map { (8 * (up[$0] - down[$0]) - up2[$0] + down2[$0]) / (12 * h) }
    }
    let jv = moved(0) { derivative($0, v, $1) }, jz = moved(0) { derivative($0, z, $1) }
    expectClose(jv, slope(value), 1e-9)
    let left = zip(jv, array(z, size)).reduce(0) { $0 + $1.0 * $1.1 }
    let right = zip(jz, array(v, size)).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(left - right) <= 1e-13 * Double(size))
    expectClose(moved(0) { curvature($0, z, v, $1) }, slope { derivative($0, z, $1) }, 1e-8)
  }

  private func expectClose(_ found: [Double], _ wanted: [Double], _ tolerance: Double) {
    let worst = zip(found, wanted).map { abs($0 - $1) }.max() ?? .infinity
    #expect(worst <= tolerance * (wanted.map(abs).max() ?? 1))
  }

  static let functions: [PairFunction] = [
    .environmentRow(.polynomial(inner: 0.5, outer: 4), protection: 0.1),
    .environmentRow(.exponential(inner: 2, outer: 4), protection: 0),
    .radialRow(.polynomial(inner: 0.5, outer: 4), protection: 0),
    .smoothSwitch(.polynomial(inner: 0.5, outer: 4)),
    .smoothSwitch(.exponential(inner: 2, outer: 4)), .length(scale: 0.25),
    .displacement(scale: 0.25), .direction(small: 1e-6),
  ]

  @Test(arguments: functions)
  func `pair functions have the derivatives of their value`(function: PairFunction) {
    let pairs = 6, edges: [Int32] = [3, 0, -1, 1, 5, 0, 2, 4], width = function.width
    let size = edges.count * width
    let d: Numbers = numbers(3 * pairs, 5), dDot: Numbers = numbers(3 * pairs, 6)
    let deviations = (0..<width).map { 0.5 + 0.1 * Double($0) }
    func vectors(_ x: Numbers, plus h: Double = 0) -> [SIMD3<Double>] {
      (0..<pairs).map { p in
        SIMD3<Double>((0..<3).map { x.base[3 * p + $0] + h * dDot.base[3 * p + $0] })
      }
    }
    let places = edges.map { $0 < 0 ? Int32(-1) : 0 }
    func with<Result>(_ body: (PairRows) -> Result) -> Result {
      edges.withUnsafeBufferPointer { edges in
        places.withUnsafeBufferPointer { places in
          deviations.withUnsafeBufferPointer { deviations in
            guard let e = edges.baseAddress, let p = places.baseAddress,
              let s = deviations.baseAddress
            else { fatalError("arrays have numbers") }
            let statistics = RowStatistics(mean: s, deviation: s, places: p, width: width)
            return body(
              PairRows(function, edges: e, statistics: statistics, count: edges.count))
          }
        }
      }
    }
    func value(_ h: Double) -> [Double] {
      let y = Numbers(size)
      with { $0.set(vectors(d, plus: h), into: y.base) }
      return array(y, size)
    }
    let yDot = Numbers(size), z: Numbers = numbers(size, 7), h = 1e-4
    with { $0.addTangent(vectors(d), along: vectors(dDot), to: yDot.base) }
    let differences = zip(zip(value(h), value(-h)), zip(value(2 * h), value(-2 * h))).map {
      (8 * ($0.0 - $0.1) - $1.0 + $1.1) / (12 * h)
    }
    expectClose(array(yDot, size), differences, 1e-9)
    var dBar = Array(repeating: SIMD3<Double>.zero, count: pairs)
    with { $0.addBackward(vectors(d), z.base, to: &dBar) }
    let left = (0..<size).reduce(0) { $0 + z.base[$1] * yDot.base[$1] }
    let right = zip(dBar, vectors(dDot)).reduce(0) { $0 + ($1.0 * $1.1).sum() }
    #expect(abs(left - right) <= 1e-12 * max(abs(left), 1))
    #expect(value(0)[2 * width..<3 * width].allSatisfy { $0 == 0 })
  }
}
