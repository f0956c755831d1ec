import Atoms
import Random
import Synthesis
import Testing

/// A potential with atoms that are away from any symmetry, for tests.
struct Example: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let potential: any Potential
  var positions: [SIMD3<Double>]
  var cell: Cell?

  var labels: EnergyLabels { potential.labels(at: positions, in: cell) }

  /// Eight molecules in empty space.
  static let cluster = water("cluster", 8, cell: nil)
  /// Liquid in a triclinic cell that is barely larger than what the cutoff asks for.
  static let liquid = water(
    "liquid", 27, cell: Cell(SIMD3(9.6, 0, 0), SIMD3(0.9, 9.7, 0), SIMD3(-0.7, 0.8, 9.9)))
  /// A sheared metal whose cell is much smaller than the cutoff: atoms see images of themselves.
  static let smallMetal = copper("four atoms of copper", repeats: 1)
  /// A sheared metal of the size that the recipe has.
  static let metal = copper("copper", repeats: 3)
  /// A sheared alloy whose cell is much smaller than the cutoff, with one atom of each metal.
  static let smallAlloy = alloy("four atoms of an alloy", repeats: 1)
  /// A sheared alloy of 32 atoms in no order.
  static let largeAlloy = alloy("alloy", repeats: 2)

  static let all = [cluster, liquid, smallMetal, metal, smallAlloy, largeAlloy]

  private static func water(_ name: String, _ molecules: Int, cell: Cell?) -> Example {
    var random = CounterRandom(seed: 7, purpose: "test")
    var positions = waterLattice(count: molecules, spacing: 3.1, random: &random)
    shake(&positions, by: 0.05, &random)
    return Example(
      testDescription: name, potential: FlexibleWater(molecules: molecules), positions: positions,
      cell: cell)
  }

  private static func copper(_ name: String, repeats: Int) -> Example {
    var random = CounterRandom(seed: 8, purpose: "test")
    var (cell, positions) = facesCentered(3.6, repeats: repeats, shear: SIMD3(0.1, -0.07, 0.2))
    shake(&positions, by: 0.1, &random)
    let types = Array(repeating: 0, count: positions.count)
    return Example(
      testDescription: name, potential: SuttonChen([.copper], types: types), positions: positions,
      cell: cell)
  }

  private static func alloy(_ name: String, repeats: Int) -> Example {
    var random = CounterRandom(seed: 9, purpose: "test")
    var (cell, positions) = facesCentered(3.7, repeats: repeats, shear: SIMD3(-0.1, 0.15, 0.05))
    shake(&positions, by: 0.1, &random)
    let types = alloyTypes(positions.count)
    return Example(
      testDescription: name, potential: SuttonChen(SuttonChenMetal.all, types: types),
      positions: positions, cell: cell)
  }

  /// The types of `count` atoms of the examples of alloys: equally many of each metal.
  static func alloyTypes(_ count: Int) -> [Int] { (0..<count).map { ($0 * 7 + $0 / 4) % 4 } }

  private static func shake(
    _ positions: inout [SIMD3<Double>], by size: Double, _ random: inout CounterRandom
  ) {
    for i in positions.indices { positions[i] += size * randomVector(&random) }
  }
}

/// A vector of three normally distributed numbers.
func randomVector(_ random: inout CounterRandom) -> SIMD3<Double> {
  SIMD3(random.normal(), random.normal(), random.normal())
}

/// The derivative of `f` at 0 from four values: the error is `h⁴ f⁽⁵⁾/30` and rounding `1e-16 f/h`.
func derivative(step h: Double = 1e-3, of f: (Double) -> Double) -> Double {
  (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h)
}

extension Example {
  /// Everything under the linear map `x -> x + m x`, the cell too.
  func strained(by m: Matrix3) -> Example {
    var copy = self
    copy.positions = positions.map { $0 + m * $0 }
    copy.cell = cell.flatMap { cell in
      let (a, b, c) = cell.vectors
      return Cell(a + m * a, b + m * b, c + m * c)
    }
    return copy
  }
}
