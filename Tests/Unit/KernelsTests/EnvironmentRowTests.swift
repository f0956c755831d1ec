import Kernels
import Testing

@Suite struct EnvironmentRowTests {
  static let displacements: [SIMD3<Double>] = [
    SIMD3(0.3, 0.1, -0.2), SIMD3(0.9, -1.1, 0.4), SIMD3(-1.7, 2.2, 1.9), SIMD3(0, 0, 3.999),
  ]

  func row(_ d: SIMD3<Double>, _ protection: Double) -> EnvironmentRow {
    EnvironmentRow(d, inner: 0.5, outer: 4, protection: protection)
  }

  @Test(arguments: displacements, [0, 0.05])
  func `the row is the definition and its passes are its derivatives`(
    d: SIMD3<Double>, protection: Double
  ) {
    let r = (d * d).sum().squareRoot(), w = smoothSwitch(r, inner: 0.5, outer: 4).weight
    let rho = r + protection, here = row(d, protection)
    let plain = SIMD4(w / rho, w * d.x / (rho * rho), w * d.y / (rho * rho), w * d.z / (rho * rho))
    #expect(((here.row - plain) * (here.row - plain)).sum() <= 1e-30)

    let dDot = SIMD3(0.7, -0.4, 1.1), rowBar = SIMD4(0.3, -1.2, 0.8, 0.5), h = 1e-6
    let difference =
      (row(d + h * dDot, protection).row - row(d - h * dDot, protection).row) / (2 * h)
    let tangent = here.tangent(dDot)
    for k in 0..<4 { #expect(abs(difference[k] - tangent[k]) <= 1e-7 * max(1, abs(tangent[k]))) }
    let (left, right) = ((rowBar * tangent).sum(), (here.backward(rowBar) * dDot).sum())
    #expect(abs(left - right) <= 1e-14 * max(1, abs(left)))
  }

  @Test func `the switch is one inside and zero outside and smooth between`() {
    #expect(smoothSwitch(0.2, inner: 0.5, outer: 4) == (1, 0))
    #expect(smoothSwitch(4.5, inner: 0.5, outer: 4) == (0, 0))
    for r in [0.6, 1.3, 2.8, 3.9] {
      let h = 1e-6
      let difference =
        (smoothSwitch(r + h, inner: 0.5, outer: 4).weight
          - smoothSwitch(r - h, inner: 0.5, outer: 4).weight) / (2 * h)
      #expect(abs(difference - smoothSwitch(r, inner: 0.5, outer: 4).slope) <= 1e-9)
    }
  }
}
