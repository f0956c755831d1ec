import Synthesis
import Testing

/// A function of distance with its slope, and where it must be smooth.
struct PairTerm: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let cutoff: Double
  let energy: @Sendable (Double) -> (value: Double, slope: Double)

  static let all = [
    PairTerm(testDescription: "switch", cutoff: 6) { r in
      let (weight, slope) = smoothSwitch(r, inner: 5, outer: 6)
      return (weight, slope)
    },
    PairTerm(testDescription: "Lennard-Jones", cutoff: 6) {
      LennardJones(epsilon: 0.0067, sigma: 3.17, cutoff: 6).energy($0)
    },
    PairTerm(testDescription: "Coulomb", cutoff: 6) {
      ZeroQuadrupoleCoulomb(cutoff: 6).energy($0)
    },
    repulsion(.copper, .copper), density(.copper, .copper),
    repulsion(.palladium, .nickel), density(.palladium, .nickel),
  ]

  private static func repulsion(_ one: SuttonChenMetal, _ other: SuttonChenMetal) -> PairTerm {
    PairTerm(testDescription: "repulsion, \(one.name) and \(other.name)", cutoff: 6) {
      SuttonChenPair(one, other).terms($0, cutoff: 6).repulsion
    }
  }

  private static func density(_ one: SuttonChenMetal, _ other: SuttonChenMetal) -> PairTerm {
    PairTerm(testDescription: "density, \(one.name) and \(other.name)", cutoff: 6) {
      SuttonChenPair(one, other).terms($0, cutoff: 6).density
    }
  }
}

@Suite struct PairTermTests {
  @Test(arguments: PairTerm.all)
  func `the slope belongs to the value`(term: PairTerm) {
    for r in stride(from: 1.55, to: 5.95, by: 0.1) {
      let difference = derivative(step: 1e-4) { term.energy(r + $0).value }
      #expect(abs(difference - term.energy(r).slope) < 1e-10 * max(1, abs(difference)))
    }
  }

  @Test(arguments: PairTerm.all)
  func `value, slope and curvature end at zero at the cutoff`(term: PairTerm) {
    // A function with these three zeros is cubic in the distance to the cutoff: halving that
    // distance divides value, slope and curvature by 8, 4 and 2.  A kink would not shrink.
    func left(_ h: Double) -> (value: Double, slope: Double, curvature: Double) {
      let (value, slope) = term.energy(term.cutoff - h)
      return (value, slope, derivative(step: h / 8) { term.energy(term.cutoff - h + $0).slope })
    }
    let far = left(1e-2), near = left(5e-3)
    #expect(far.slope != 0)
    #expect(abs(near.value / far.value - 1 / 8) < 0.01)
    #expect(abs(near.slope / far.slope - 1 / 4) < 0.01)
    #expect(abs(near.curvature / far.curvature - 1 / 2) < 0.02)
    for r in [term.cutoff, term.cutoff + 1e-9, 7] {
      #expect(abs(term.energy(r).value) < 1e-14 && abs(term.energy(r).slope) < 1e-14)
    }
  }

  @Test func `the switch begins as smoothly as it ends`() {
    #expect(smoothSwitch(5, inner: 5, outer: 6) == (1, 0))
    #expect(smoothSwitch(4, inner: 5, outer: 6) == (1, 0))
    #expect(abs(smoothSwitch(5.001, inner: 5, outer: 6).slope) < 1e-4)
    #expect(abs(smoothSwitch(5.5, inner: 5, outer: 6).weight - 0.5) < 1e-15)
  }

  @Test func `two charges far inside the cutoff feel Coulomb's force`() {
    // With c = 1000 Å the completing polynomial is a constant at 2 Å: 15/8 of e²/(4πε₀ c).
    let coulomb = ZeroQuadrupoleCoulomb(cutoff: 1000)
    let (value, slope) = coulomb.energy(2)
    #expect(abs(value - 14.399_645_48 * (0.5 - 1.875e-3)) < 1e-6)
    #expect(abs(slope + 14.399_645_48 / 4) < 1e-6)
  }
}
