import Atoms
import DeepPotential
import Models
import TestSupport
import Testing

/// Hybrids beside the descriptors that they are made of.
@Suite struct HybridModelTests {
  @Test(arguments: ["se_e2_a_twoside", "se_e2_a_slotstat", "descriptors/dpa1_concat_attn2"])
  func `a hybrid of one part says what the part says`(name: String) throws {
    let plain = try StoredModel.read(fixtures.appending(path: name + ".dp").path).model
    var hybrid = plain
    hybrid.descriptor = .hybrid(Hybrid([plain.descriptor]))
    #expect(hybrid.neighborRule == plain.neighborRule)
    for configuration in try fixture(name + ".json")["configs"]?.elements ?? [] {
      let frame = try Frame(fixture: configuration)
      let (a, b) = (hybrid.predict(frame), plain.predict(frame))
      #expect(abs(a.energy - b.energy) <= 1e-10 * max(1, abs(b.energy)))
      for (a, b) in zip(a.forces, b.forces) { #expect(norm(a - b) <= 1e-9) }
    }
  }

  @Test func `its tensors are those of the parts, at places of their own`() throws {
    let path = fixtures.appending(path: "descriptors/hybrid_a_dpa1.dp").path
    let tensors = try StoredModel.read(path).model.tensors
    #expect(Set(tensors.map(\.name)).count == tensors.count)
    #expect(Set(tensors.map(\.path)).count == tensors.count)
    for number in 0..<2 {
      let start = "model/descriptor/list[\(number)]/embeddings/"
      #expect(tensors.contains { $0.path.hasPrefix(start) })
    }
  }

  @Test func `the parts choose from the neighbors that the largest of them asks for`() {
    var first = SeE2AOptions(), second = SeE2ROptions(), third = DPA1Options()
    (first.outerCutoff, first.slots) = (4, [6, 10])
    (second.outerCutoff, second.slots) = (5, [8, 4])
    (third.outerCutoff, third.slots) = (3, [20])
    let typed = HybridOptions([.seE2A(first), .seE2R(second)])
    #expect(typed.slots == [8, 10] && typed.outerCutoff == 5 && !typed.isMixed)
    let mixed = HybridOptions(typed.parts + [.dpa1(third)])
    #expect(mixed.slots == [20] && mixed.outerCutoff == 5 && mixed.isMixed)
  }
}
