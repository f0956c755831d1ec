import Foundation
import Kernels
import Testing

/// The functions that run on vectors against the plain ones, which `Foundation` evaluates in
/// float64.
@Suite struct VectorActivationTests {
  static let smooth: [Activation] = [.softplus, .sigmoid, .gelu, .silu]
  static let bent: [Activation] = [.silut(threshold: 3), .silut(threshold: 10)]

  @Test(arguments: smooth + bent)
  func `float64 values are within eight units in the last place, derivatives of their terms`(
    activation: Activation
  ) {
    #expect(worst(activation, Self.points(to: 760)) <= 8)
  }

  @Test(arguments: smooth + bent)
  func `float32 values are within eight units in the last place, derivatives of their terms`(
    activation: Activation
  ) {
    #expect(worst(activation, Self.points(to: 120).map { Float($0) }) <= 8)
  }

  /// The plain function cancels there, but has digits enough for float32 down to -4.
  @Test func `gelu of a negative number loses only what its exponent does`() {
    for k in 0...40_000 {
      let z = Float(k) * -1e-4, exact = Activation.gelu.jet(Double(z)).value
      let exponent = 1.6 * Double(abs(z)) * (1 + 0.044715 * Double(z * z))
      let bound = (6 + 2 * exponent) * Double(Float(exact).ulp)
      #expect(abs(Double(evaluate(.gelu, [z]).value[0]) - exact) <= bound)
    }
  }

  @Test(arguments: [Activation.linear, .relu, .relu6])
  func `functions without rounding are exact`(activation: Activation) {
    let points = [-Double.infinity, -1e300, -1, -0.0, 0, 1e-300, 3, 6, 6.5, 1e300, .infinity]
    let jets = evaluate(activation, points)
    for (k, z) in points.enumerated() {
      let exact = activation.jet(z)
      #expect(jets.value[k] == exact.value && jets.slope[k] == exact.slope)
      #expect(jets.curvature[k] == 0 && jets.third[k] == 0)
    }
  }

  @Test(arguments: [Activation.silu] + bent)
  func `without third derivatives it is the same function`(activation: Activation) {
    for points in [Self.points(to: 760), Self.points(to: 2).filter { $0 < 3 }] {
      let (jets, plain) = (evaluate(activation, points), points.map { activation.jet($0) })
      var value = points, slope = points, curvature = points
      activation.evaluate(&value, slope: &slope, curvature: &curvature, count: points.count)
      for k in points.indices {
        #expect(abs(value[k] - jets.value[k]) <= 4 * plain[k].value.ulp)
        #expect(abs(slope[k] - plain[k].slope) <= 4 * max(1, abs(plain[k].slope)).ulp)
        #expect(abs(curvature[k] - plain[k].curvature) <= 8 * max(1, plain[k].curvature).ulp)
      }
    }
  }

  @Test func `silu without third derivatives has the same limits`() {
    for z in [-Double.infinity, -1e5, 1e5, .infinity] {
      var value = [z], slope = [0.0], curvature = [0.0]
      Activation.silu.evaluate(&value, slope: &slope, curvature: &curvature, count: 1)
      #expect(value == [max(z, 0)] && slope == [z > 0 ? 1 : 0] && abs(curvature[0]) <= 1e-300)
      var narrow = [Float(z)], narrowSlope: [Float] = [0], narrowCurvature: [Float] = [0]
      Activation.silu.evaluate(
        &narrow, slope: &narrowSlope, curvature: &narrowCurvature, count: 1)
      #expect(narrow == [Float(max(z, 0))] && narrowSlope == [z > 0 ? 1 : 0])
      #expect(abs(narrowCurvature[0]) <= 1e-30)
    }
  }

  /// Whether a derivative is computed depends on whether it is wanted; no other bit does.
  @Test(arguments: [Activation.tanh, .gelu, .silu] + bent)
  func `values are the same with and without derivatives`(activation: Activation) {
    func check<Scalar: NetworkScalar>(_ type: Scalar.Type) {
      for count in [1, 8, 37, 64] {
        let points = (0..<count).map { Scalar($0) * 0.9 - 20 }
        var (value, alone, sloped) = (points, points, points)
        var slope = points, other = points, curvature = points
        activation.evaluate(&value, slope: &slope, curvature: &curvature, count: count)
        activation.evaluate(&alone, slope: nil, curvature: nil, count: count)
        activation.evaluate(&sloped, slope: &other, curvature: nil, count: count)
        #expect(alone == value && sloped == value && other == slope)
      }
    }
    check(Double.self)
    check(Float.self)
  }

  /// silut takes the way of silu where all arguments of a vector are below its threshold.
  @Test func `one argument above the threshold is found at any place`() {
    func check<Scalar: NetworkScalar>(_ type: Scalar.Type) {
      let silut = Activation.silut(threshold: 10)
      let exact = [0.5, 12].map { Scalar(silut.jet($0).value) }
      for count in [1, 7, 8, 16, 17, 40, 64, 100, 130] {
        for place in 0..<count {
          var value = Array(repeating: Scalar(0.5), count: count), slope = value
          value[place] = 12
          silut.evaluate(&value, slope: &slope, curvature: nil, count: count)
          for k in 0..<count {
            #expect(abs(value[k] - exact[k == place ? 1 : 0]) <= 8 * exact[1].ulp)
            #expect(value[k] == value[place == 0 ? count - 1 : 0] || k == place)
          }
        }
      }
    }
    check(Double.self)
    check(Float.self)
  }

  @Test(arguments: smooth + bent + [.linear, .relu, .relu6])
  func `numbers that are none pass through`(activation: Activation) {
    for count in [1, 8, 21] {
      let wide = evaluate(activation, Array(repeating: Double.nan, count: count))
      let narrow = evaluate(activation, Array(repeating: Float.nan, count: count))
      for k in 0..<count { #expect(wide.value[k].isNaN && narrow.value[k].isNaN) }
    }
  }

  @Test(arguments: smooth) func `huge numbers give the limits`(activation: Activation) {
    for z in [1e5, 1e160, Double.infinity] {
      let jets = evaluate(activation, [-z, z])
      #expect(jets.value == [0, activation == .sigmoid ? 1 : z])
      #expect(jets.slope == [0, activation == .sigmoid ? 0 : 1])
      #expect(jets.curvature == [0, 0] && jets.third == [0, 0])
    }
    for z in [1e5, Float.infinity] {
      let jets = evaluate(activation, [-z, z])
      #expect(jets.value == [0, activation == .sigmoid ? 1 : z])
      #expect(jets.slope == [0, activation == .sigmoid ? 0 : 1])
      #expect(jets.curvature == [0, 0] && jets.third == [0, 0])
    }
  }

  @Test(arguments: smooth) func `a number's place in the vector does not matter`(_ f: Activation) {
    let points = (0..<37).map { Double($0) * 0.37 - 6 }, together = evaluate(f, points)
    for (k, z) in points.enumerated() {
      let alone = evaluate(f, [z])
      #expect(alone.value[0] == together.value[k] && alone.third[0] == together.third[k])
    }
  }

  /// Both signs, evenly spaced up to `limit` and evenly spaced in their logarithms down to 1e-30.
  static func points(to limit: Double) -> [Double] {
    let even = (0...60_000).map { limit * (Double($0) + 0.37) / 60_000 }
    let near = (0...30_000).map { 20 * (Double($0) + 0.37) / 30_000 }
    let small = (0...3_000).map { pow(10, -Double($0) / 100) }
    let all = even + near + small + [0]
    return all + all.map { -$0 }
  }

  /// The largest error in units in the last place: of the value, and of the largest term of each
  /// derivative.
  func worst<Scalar: NetworkScalar>(_ activation: Activation, _ points: [Scalar]) -> Double {
    let jets = evaluate(activation, points)
    var worst = 0.0
    for (k, z) in points.enumerated() {
      let z = Double(z), exact = activation.jet(z), terms = largestTerms(activation, z, exact)
      // What is below the normal numbers may become 0.
      let least = 2 * max(1, abs(z)) * Double(Scalar.leastNormalMagnitude)
      func check(_ value: Scalar, _ exact: Double, _ term: Double) {
        let error = abs(Double(value) - exact) - least
        let units = max(error, 0) / Double(Scalar(abs(term)).ulp)
        worst = error.isNaN ? .infinity : max(worst, units)
      }
      check(jets.value[k], exact.value, terms.value)
      check(jets.slope[k], exact.slope, terms.slope)
      check(jets.curvature[k], exact.curvature, terms.curvature)
      check(jets.third[k], exact.third, terms.third)
    }
    return worst
  }

  /// The largest terms of the sums that `jet` codes; for gelu, where they are many, their sizes
  /// near 0.
  func largestTerms(
    _ activation: Activation, _ z: Double, _ jet: ActivationJet
  ) -> (value: Double, slope: Double, curvature: Double, third: Double) {
    let s = Activation.sigmoid.jet(z)
    switch activation {
    case .sigmoid: return (s.value, s.slope, s.slope, s.slope)
    case .softplus: return (jet.value, s.value, s.slope, s.slope)
    case .silut(let threshold) where z < threshold:
      return largestTerms(.silu, z, jet)
    case .silut: return (z, 2, 2, 8)
    case .silu:
      let z = abs(z)
      return (jet.value, max(s.value, z * s.slope), max(2, z) * s.slope, max(3, z) * s.slope)
    default: return (z, 1, 1, 1)
    }
  }

  func evaluate<Scalar: NetworkScalar>(
    _ activation: Activation, _ points: [Scalar]
  ) -> (value: [Scalar], slope: [Scalar], curvature: [Scalar], third: [Scalar]) {
    var value = points, slope = points, curvature = points, third = points
    activation.evaluate(
      &value, slope: &slope, curvature: &curvature, third: &third, count: points.count)
    return (value, slope, curvature, third)
  }
}
