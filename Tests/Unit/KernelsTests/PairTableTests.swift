import Files
import Foundation
import Kernels
import TestSupport
import Testing

/// Tables of pair energies, and what an atom's neighbors make of them.
@Suite struct PairTableTests {
  @Test func `tables of files that end in any way are DeePMD-kit's`() throws {
    let cases = try #require(fixture("pair_tables.json")["cases"]).elements
    #expect(cases.count == 6)
    for recorded in cases {
      let given = try #require(recorded["given"]).elements.map(\.numbers)
      let cutoff = try #require(recorded["cutoff"]?.double)
      let table = try #require(PairTable(given, cutoff: cutoff))
      for (found, key) in [
        (table.rows, "rows"), (table.coefficients, "coefficients"),
        (
          [table.first, table.spacing, Double(table.rows.count / given[0].count - 1)], "info"
        ),
      ] {
        let wanted = try #require(recorded[key]).numbers
        let scale = wanted.map(abs).max() ?? 0
        #expect(key == "info" || found.count == wanted.count, "\(recorded["name"] ?? "")")
        for (a, b) in zip(found, wanted) { #expect(abs(a - b) <= 1e-14 * scale) }
      }
    }
  }

  @Test func `how a table ends is told`() {
    let zero = (1...5).map { [Double($0), Double(5 - $0)] }
    #expect(PairTable.ending(of: zero, cutoff: 7.5) == .zero)
    #expect(PairTable.ending(of: zero, cutoff: 5) == .zero)
    #expect(PairTable.ending(of: zero, cutoff: 3.5) == .cut)
    let open = (1...5).map { [Double($0), Double(6 - $0)] }
    #expect(PairTable.ending(of: open, cutoff: 7.5) == .continued)
    #expect(PairTable.ending(of: open, cutoff: 4.5) == .cut)
  }

  @Test func `below the table there is no energy, at and beyond its end it is zero`() throws {
    let table = try #require(PairTable(rows(of: 2), cutoff: 2))
    #expect(table.energy(at: 0.09, 0, 1).isNaN && table.energy(at: 0.1, 0, 1) > 0)
    #expect(table.energy(at: 2, 0, 1) == 0 && table.energy(at: 9, 1, 1) == 0)
  }

  @Test func `types in another order take their energies along`() throws {
    let table = try #require(PairTable(rows(of: 3), cutoff: 2)), order = [2, 0]
    let other = table.reordered(order)
    #expect(other.typeCount == 2)
    for (a, b) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
      #expect(other.energy(at: 0.77, a, b) == table.energy(at: 0.77, order[a], order[b]))
    }
    #expect(table.reordered([0, 1, 2]) == table)
  }

  @Test(arguments: [true, false]) func `passes are derivatives, and numbers the definition`(
    isBlended: Bool
  ) throws {
    let table = try #require(PairTable(rows(of: 2), cutoff: 2))
    let nearness = NearnessSwitch(inner: 0.4, outer: 1.1, decay: 0.2)
    let d: [SIMD3<Double>] = [
      SIMD3(0.5, 0.2, -0.1), SIMD3(-0.3, 0.6, 0.5), SIMD3(1.1, 0.2, 0.9), SIMD3(0, -0.9, 0.3),
    ]
    let along = d.enumerated().map { SIMD3(0.3 - Double($0), 0.7, 0.2 * Double($0)) - $1 }
    let edges: [Int32] = [2, 0, 3, 1], types: [Int32] = [1, 3, 0, 1]
    func neighbors<Result>(
      _ d: [SIMD3<Double>], _ body: (PairPotentialRows) -> Result
    ) -> Result {
      edges.withUnsafeBufferPointer { edges in
        types.withUnsafeBufferPointer { types in
          d.withUnsafeBufferPointer {
            body(
              PairPotentialRows(
                table, isBlended ? nearness : nil, edges: edges.baseAddress!,
                typePairs: types.baseAddress!, count: 4, $0.baseAddress!))
          }
        }
      }
    }
    let here = neighbors(d) { $0.numbers }
    let distances = edges.map { edge in (d[Int(edge)] * d[Int(edge)]).sum().squareRoot() }
    let energy = zip(distances, types).reduce(0) {
      $0 + 0.5 * table.energy(at: $1.0, Int($1.1) / 2, Int($1.1) % 2)
    }
    let weights = distances.map { exp(-$0 / 0.2) }, sum = weights.reduce(0, +)
    let sigma = zip(weights, distances).reduce(0) { $0 + $1.0 * $1.1 } / sum
    let k = isBlended ? smoothSwitch(sigma, inner: 0.4, outer: 1.1).weight : 0
    #expect(!isBlended || (k > 0.1 && k < 0.9))
    #expect(abs(here[0] - k) <= 1e-14)
    #expect(abs(here[1] - (isBlended ? k * energy : energy)) <= 1e-13 * energy)

    let tangent = neighbors(d) { rows in
      along.withUnsafeBufferPointer { rows.tangent(along: $0.baseAddress!) }
    }
    func moved(_ h: Double) -> SIMD2<Double> {
      neighbors(zip(d, along).map { $0 + h * $1 }) { $0.numbers }
    }
    let h = 1e-5
    let difference = (8 * (moved(h) - moved(-h)) - moved(2 * h) + moved(-2 * h)) / (12 * h)
    for c in 0..<2 { #expect(abs(tangent[c] - difference[c]) <= 1e-8 * max(1, abs(tangent[c]))) }

    let bar = SIMD2(0.7, -1.3)
    var dBar = d.map { _ in SIMD3<Double>.zero }
    neighbors(d) { rows in
      dBar.withUnsafeMutableBufferPointer { rows.addBackward(bar, to: $0.baseAddress!) }
    }
    let left = (bar * tangent).sum()
    let right = zip(dBar, along).reduce(0) { $0 + ($1.0 * $1.1).sum() }
    #expect(abs(left - right) <= 1e-12 * max(1, abs(left)))
  }

  @Test func `the switch does not suffer from distances far beyond its decay`() throws {
    let table = try #require(PairTable(rows(of: 1), cutoff: 2))
    let d = [SIMD3(90.0, 0, 0), SIMD3(0, 90.5, 0)]
    let numbers = d.withUnsafeBufferPointer { d in
      [Int32(0), 1].withUnsafeBufferPointer { edges in
        [Int32(0), 0].withUnsafeBufferPointer { types in
          PairPotentialRows(
            table, NearnessSwitch(inner: 1, outer: 2, decay: 0.1), edges: edges.baseAddress!,
            typePairs: types.baseAddress!, count: 2, d.baseAddress!
          ).numbers
        }
      }
    }
    // e^(-900) is zero in double precision.
    #expect(numbers == .zero)
  }

  /// Rows up to 2 Å for so many types, all pairs with energies of their own.
  private func rows(of types: Int) -> [[Double]] {
    (1...20).map { k in
      let r = 0.1 * Double(k), shape: Double = (2 - r) * (2 - r) / r
      let energies = (0..<PairTable.pairCount(types)).map { Double(3 + $0) * shape }
      return [r] + energies
    }
  }
}
