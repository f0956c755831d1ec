import Atoms
import DeepPotential
import Models
import TestSupport
import Testing

/// Atoms that another program keeps, with models that are run as programs.
@Suite struct ListedDescriptorTests {
  @Test(arguments: descriptorFixtures + messageFixtures.filter { !$0.contains("float32") })
  func `listed atoms have the energies and forces of their frame`(name: String) throws {
    let model = try StoredModel.read(fixtures.appending(path: name + ".dp").path).model
    for configuration in try fixture(name + ".json")["configs"]?.elements ?? [] {
      let frame = try Frame(fixture: configuration)
      let there = Evaluator(threads: 1).predictWithAtomVirials([frame], with: model)[0]
      let here = Listed(frame, cutoff: model.descriptor.outerCutoff + 0.5).predict(
        model, threads: 2)
      let scale = max(1, there.forces.map { norm($0) }.max() ?? 0)
      #expect(abs(here.sums.energy - there.energy) <= 1e-11 * max(1, abs(there.energy)))
      for atom in frame.types.indices {
        #expect(norm(here.forces[atom] - there.forces[atom]) <= 1e-11 * scale)
        #expect(abs(here.energies[atom] - there.atomEnergies[atom]) <= 1e-11)
      }
      let virials = zip(here.virials, there.atomVirials.flatMap(\.rows))
      #expect((virials.map { abs($0 - $1) }.max() ?? .infinity) <= 1e-10)
    }
  }

  /// The second half of the ghosts comes from the first where that has an image of the same atom,
  /// as in LAMMPS, and each swap goes through "another process" that sends back what it gets.
  @Test(arguments: ["dpa2", "dpa3"])
  func `ghosts of ghosts, and of other processes, have their rows`(name: String) throws {
    let path = fixtures.appending(path: "descriptors/\(name).dp").path
    try checkGhosts(StoredModel.read(path).model)
  }

  /// Attention over nodes and edges, and residuals whose factors are learned.
  @Test(arguments: ExampleShape.messages.filter { $0.precision == .float64 })
  func `ghosts of every update have their rows`(shape: ExampleShape) {
    checkGhosts(exampleModel(shape))
  }

  private func checkGhosts(_ model: EnergyModel) {
    let frame = exampleFrame(atoms: 9)
    var listed = Listed(frame, cutoff: model.descriptor.outerCutoff + 0.5)
    let plain = listed.predict(model, threads: 1)
    let own = frame.types.count, half = (own + listed.owners.count) / 2
    let swaps = [own..<half, half..<listed.owners.count].map { ghosts in
      let sent = ghosts.map { ghost in
        let earlier = (own..<ghosts.lowerBound).first { listed.owners[$0] == listed.owners[ghost] }
        return Int32(earlier ?? listed.owners[ghost])
      }
      return GhostSwaps.Swap(sent: sent, received: ghosts, sendRank: 1, receiveRank: 1)
    }
    #expect(swaps[1].sent.contains { $0 >= own })
    listed.ghosts = GhostSwaps(swaps, ownRank: 0) { sent, to, received, from in
      #expect(to == 1 && from == 1)
      received.copyMemory(from: sent)
    }
    let found = listed.predict(model, threads: 2)
    #expect(found.energies == plain.energies && found.sums.energy == plain.sums.energy)
    for (here, there) in zip(found.sums.virial.rows, plain.sums.virial.rows) {
      #expect(abs(here - there) <= 1e-12)
    }
    for (here, there) in zip(found.forces, plain.forces) { #expect(norm(here - there) <= 1e-12) }
  }

  @Test func `blocks and threads change little, or no bit`() throws {
    let path = fixtures.appending(path: "descriptors/dpa1_strip_attn0.dp").path
    let model = try StoredModel.read(path).model, frame = supercell(of: exampleFrame(), 4)
    let listed = Listed(frame, cutoff: model.descriptor.outerCutoff + 0.5)
    let one = listed.predict(model, threads: 1), two = listed.predict(model, threads: 2)
    #expect(one.forces == two.forces && one.energies == two.energies && one.sums == two.sums)
    let there = model.predict(frame)
    #expect(abs(one.sums.energy - there.energy) <= 1e-11 * abs(there.energy))
  }
}
