import Random
import Testing

@Suite struct CounterRandomTests {
  /// Known answers of Philox4x32-10: kat_vectors of Random123, the authors' own library.
  @Test(
    arguments: [
      ([0, 0, 0, 0], [0, 0], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
      (
        [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff], [0xffff_ffff, 0xffff_ffff],
        [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
      ),
      (
        [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
        [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
      ),
    ] as [([UInt32], [UInt32], [UInt32])])
  func `ten rounds give the known answers`(counter: [UInt32], key: [UInt32], answer: [UInt32]) {
    let found = CounterRandom.philox(
      (counter[0], counter[1], counter[2], counter[3]), (key[0], key[1]))
    #expect([found.0, found.1, found.2, found.3] == answer)
  }

  /// Recorded: files that hold drawn numbers must stay what they are.
  @Test func `streams stay the same from build to build`() {
    var random = CounterRandom(seed: 1, purpose: "known answers", step: 7)
    let found = (0..<4).map { _ in random.next() }
    #expect(
      found == [
        3_111_913_879_468_447_703, 2_048_528_267_447_221_016, 13_217_125_956_147_398_997,
        6_854_866_797_534_141_506,
      ])
    var other = CounterRandom(seed: 1, purpose: "known answers", step: 8)
    #expect(other.next() != found[0])
  }

  @Test func `uniform numbers, normal ones and orders have the moments they should`() {
    var random = CounterRandom(seed: 5, purpose: "moments")
    let count = 200_000
    let uniform = (0..<count).map { _ in random.uniform() }
    #expect(uniform.allSatisfy { (0..<1).contains($0) })
    // Standard errors are 6.5e-4 and 2.2e-3: five of them.
    #expect(abs(uniform.reduce(0, +) / Double(count) - 0.5) <= 3.3e-3)
    let normal = (0..<count).map { _ in random.normal() }
    #expect(abs(normal.reduce(0, +) / Double(count)) <= 1.2e-2)
    #expect(abs(normal.reduce(0) { $0 + $1 * $1 } / Double(count) - 1) <= 1.6e-2)
    var order = Array(0..<100)
    random.shuffle(&order)
    #expect(order != Array(0..<100) && order.sorted() == Array(0..<100))
  }
}
