import Atoms
import DeepPotential
import Testing

/// Predictions for atoms with somebody else's neighbor lists are those of the same frame with our
/// own search.
@Suite struct ListedAtomsTests {
  let model = exampleModel()

  @Test func `listed atoms have the forces of their frame, over several blocks`() {
    let frame = supercell(of: exampleFrame(), 4)  // 896 atoms: four blocks on one thread
    let there = Evaluator(threads: 1).predictWithAtomVirials([frame], with: model)[0]
    let here = Listed(frame, cutoff: 4.5).predict(model, threads: 1)
    #expect(abs(here.sums.energy - there.energy) <= 1e-11 * abs(there.energy))
    #expect(here.sums.truncatedCenters == 0)
    let scale = there.forces.map { norm($0) }.max() ?? 0
    for atom in frame.types.indices {
      #expect(norm(here.forces[atom] - there.forces[atom]) <= 1e-11 * scale)
      #expect(abs(here.energies[atom] - there.atomEnergies[atom]) <= 1e-11)
    }
    let virials = zip(here.virials, there.atomVirials.flatMap(\.rows))
    #expect((virials.map { abs($0 - $1) }.max() ?? .infinity) <= 1e-10)
    let total = zip(here.sums.virial.rows, there.virial.rows)
    #expect((total.map { abs($0 - $1) }.max() ?? .infinity) <= 1e-9)
  }

  @Test func `the number of threads changes no bit`() {
    let listed = Listed(supercell(of: exampleFrame(), 4), cutoff: 4.5)
    let one = listed.predict(model, threads: 1)
    for threads in [2, 3] {
      let several = listed.predict(model, threads: threads)
      #expect(several.sums == one.sums)
      #expect(several.forces == one.forces)
      #expect(several.energies == one.energies)
      #expect(several.virials == one.virials)
    }
  }

  @Test func `with too few slots the nearest neighbors count, as in our own search`() {
    let model = exampleModel(slots: [9, 20]), frame = exampleFrame()
    let there = model.predict(frame), here = Listed(frame, cutoff: 5).predict(model, threads: 1)
    #expect(here.sums.truncatedCenters > 0)
    #expect(abs(here.sums.energy - there.energy) <= 1e-11 * abs(there.energy))
  }

  @Test func `atoms closer than tables reach are computed too`() {
    var frame = exampleFrame()
    frame.positions[3] = frame.positions[5] + SIMD3(0.31, 0.1, -0.2)
    let there = model.predict(frame), here = Listed(frame, cutoff: 4).predict(model, threads: 1)
    #expect(abs(here.sums.energy - there.energy) <= 1e-11 * abs(there.energy))
    let worst = zip(here.forces, there.forces).map { norm($0 - $1) }.max() ?? .infinity
    #expect(worst <= 1e-10 * (there.forces.map { norm($0) }.max() ?? 0))
  }

  @Test func `atoms of no type are not there, and own atoms without a list have no energy`() {
    var frame = exampleFrame(isPeriodic: false)
    frame.types[4] = -1
    let there = model.predict(frame), all = Listed(frame, cutoff: 4).predict(model, threads: 1)
    #expect(abs(all.sums.energy - there.energy) <= 1e-11 * abs(there.energy))
    #expect(all.forces[4] == .zero)
    #expect(all.energies[4] == 0)

    let part = Listed(frame, cutoff: 4, without: 0).predict(model, threads: 1)
    let rest = there.atomEnergies.dropFirst().reduce(0, +)
    #expect(abs(part.sums.energy - rest) <= 1e-11 * abs(rest))
    #expect(part.energies[0] == 0)
    #expect(part.forces[0] != .zero)  // it is still a neighbor
  }
}

/// `count` copies of a frame along each axis.
func supercell(of frame: Frame, _ count: Int) -> Frame {
  guard let cell = frame.cell else { return frame }
  var copies = Frame(types: [], positions: [], cell: nil)
  for n in 0..<count * count * count {
    let shift = SIMD3(Double(n % count), Double(n / count % count), Double(n / count / count))
    copies.types += frame.types
    copies.positions += frame.positions.map { $0 + cell.vector(shift) }
  }
  let (a, b, c) = cell.vectors, times = Double(count)
  copies.cell = Cell(a * times, b * times, c * times)
  return copies
}
