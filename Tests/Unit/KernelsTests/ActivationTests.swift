import Foundation
import Kernels
import Testing

@Suite struct ActivationTests {
  static let all: [Activation] = [
    .linear, .tanh, .relu, .relu6, .softplus, .sigmoid, .gelu, .silu, .silut(threshold: 3),
    .silut(threshold: 0.5),
  ]
  static let points = [-40, -7.3, -2.1, -0.7, -1e-3, 0.2, 0.9, 2.4, 3.1, 5.5, 8.2, 60]

  @Test(arguments: all)
  func `slope, curvature and third derivative are derivatives`(activation: Activation) {
    let h = 1e-5
    for z in Self.points {
      let (up, down, here) = (
        activation.jet(z + h), activation.jet(z - h), activation.jet(z)
      )
      #expect(abs((up.value - down.value) / (2 * h) - here.slope) <= 1e-8)
      #expect(abs((up.slope - down.slope) / (2 * h) - here.curvature) <= 1e-8)
      #expect(abs((up.curvature - down.curvature) / (2 * h) - here.third) <= 1e-8)
    }
  }

  @Test func `names lead to activations and back`() {
    for activation in Self.all { #expect(Activation(name: activation.name) == activation) }
    #expect(Activation(name: "GELU_tf") == .gelu)
    #expect(Activation(name: "None") == .linear)
    #expect(Activation(name: "swish") == nil)
  }

  @Test func `float64 tanh is within four units in the last place`() {
    var worst = 0.0
    for k in -40_000...40_000 {
      let z = Double(k) * 6.1e-4 + 1e-9
      worst = max(worst, abs(tangent(z) - tanh(z)) / tanh(z).ulp)
    }
    for k in -300...1 {
      let z = pow(10, Double(k) / 1.01)
      worst = max(worst, abs(tangent(z) - tanh(z)) / tanh(z).ulp)
    }
    #expect(worst <= 4)
  }

  @Test func `float32 tanh is within four units in the last place`() {
    var worst: Float = 0
    for k in -40_000...40_000 {
      let z = Float(k) * 3.1e-4 + 1e-7
      let exact = Float(tanh(Double(z)))
      worst = max(worst, abs(tangent(z) - exact) / exact.ulp)
    }
    #expect(worst <= 4)
  }

  @Test func `tanh of extremes is what it should be`() {
    #expect(tangent(0.0) == 0 && tangent(-0.0).sign == .minus)
    #expect(tangent(Double.infinity) == 1 && tangent(-1e300) == -1)
    #expect(tangent(Double.nan).isNaN && tangent(Float.nan).isNaN)
    #expect(tangent(-Float.infinity) == -1)
  }

  func tangent<Scalar: NetworkScalar>(_ z: Scalar) -> Scalar {
    var z = z, slope: Scalar = 0
    Scalar.tanh(&z, slope: &slope, count: 1)
    #expect(slope == 1 - z * z || z.isNaN)
    return z
  }
}
