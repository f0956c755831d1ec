import Atoms
import Testing

/// The spin orbitals of elements, against DeePMD-kit's table of them (`econf_embd.py`).
@Suite struct ElectronTests {
  @Test(arguments: [
    ("H", "-+"), ("O", "++++++-+-+"), ("Cu", "++++++++++++++++++++++++++++-+"),
    ("Og", String(repeating: "+", count: 118)),
  ])
  func `occupied spin orbitals are DeePMD-kit's`(symbol: String, signs: String) {
    let wanted = signs.map { $0 == "+" ? 1.0 : -1 }
    let empty = Array(repeating: -1.0, count: Elements.spinOrbitalCount - wanted.count)
    #expect(Elements.spinOrbitalCount == 118)
    #expect(Elements.spinOccupations(of: symbol) == wanted + empty)
  }

  @Test func `the table of all elements is DeePMD-kit's`() {
    let all = Elements.symbols.dropFirst().compactMap { Elements.spinOccupations(of: $0) }
    #expect(all.count == 118)
    // The sum over DeePMD-kit's table in the same order; any number in another place changes it.
    let sum = all.joined().reduce(0) { ($0 * 31 + Int($1) + 1) % 1_000_000_007 }
    #expect(sum == 661_727_479)
  }

  @Test func `each element has as many electrons as its number`() {
    for (number, symbol) in Elements.symbols.enumerated().dropFirst() {
      #expect(Elements.spinOccupations(of: symbol)?.count { $0 > 0 } == number)
    }
  }

  @Test(arguments: ["X", "OW", "h", ""]) func `other names have none`(name: String) {
    #expect(Elements.spinOccupations(of: name) == nil)
  }
}
