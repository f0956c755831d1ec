import Kernels
import Testing

/// The input of gated tables, and what it stands for.
@Suite struct NearnessTests {
  private let nearness = Nearness(
    inner: 0.8, outer: 6, protection: 0.01, mean: 0.02, deviation: 0.13)

  private func row(at r: Double) -> Double {
    let pair = EnvironmentRow(SIMD3(0, r, 0), inner: 0.8, outer: 6, protection: 0.01)
    return (pair.row[0] - 0.02) / 0.13
  }

  @Test func `it is 0 at the cutoff, and a whole number where the switch begins`() {
    #expect(nearness.input(at: 6) == 0)
    let begin = nearness.input(at: 0.8)
    #expect(abs(begin - begin.rounded()) < 1e-12 && begin > 1 / 0.81 / 0.13 - 2)
  }

  @Test(arguments: [0.5, 0.79, 0.9, 2.7, 5.9])
  func `its jets are those of the row and of the switch`(r: Double) {
    let x = nearness.input(at: r), h = 1e-4
    let (s, w) = nearness.jets(at: x)
    #expect(abs(s.value - row(at: r)) < 1e-12)
    #expect(abs(w.value - smoothSwitch(r, inner: 0.8, outer: 6).weight) < 1e-12)
    let (below, above) = (nearness.jets(at: x - h), nearness.jets(at: x + h))
    for (jet, low, high) in [(s, below.radial, above.radial), (w, below.weight, above.weight)] {
      #expect(abs((high.value - low.value) / (2 * h) - jet.slope) < 1e-6)
      #expect(abs((high.slope - low.slope) / (2 * h) - jet.curvature) < 1e-5)
    }
    let inverse = SIMD8<Double>(repeating: 1 / (r + 0.01))
    #expect(abs(nearness.inputs(inverse)[3] - x) < 1e-12)
    let slope = (nearness.input(at: r + h) - nearness.input(at: r - h)) / (2 * h)
    #expect(abs(nearness.slopes(inverse)[3] - slope) < 1e-4 * abs(slope))
  }
}
