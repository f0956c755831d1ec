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

/// A frame as a program of molecular dynamics has it: its atoms, their images as ghosts, and lists
/// of neighbors.
private struct Listed {
  var positions: [Double] = [], types: [Int32] = []
  /// The atom that each atom is an image of.
  var owners: [Int] = []
  var lists: [[Int32]] = []
  let missing: Int?

  init(_ frame: Frame, cutoff: Double, without missing: Int? = nil) {
    self.missing = missing
    var images = [SIMD3<Double>.zero]
    if let cell = frame.cell {
      let heights = cell.heights
      let reach = (0..<3).map { Int((cutoff / heights[$0]).rounded(.up)) }
      for x in -reach[0]...reach[0] {
        for y in -reach[1]...reach[1] {
          for z in -reach[2]...reach[2] where (x, y, z) != (0, 0, 0) {
            images.append(cell.vector(SIMD3(Double(x), Double(y), Double(z))))
          }
        }
      }
    }
    let home = frame.positions.map { frame.cell?.wrapped($0) ?? $0 }
    var places: [SIMD3<Double>] = []
    for shift in images {
      for (atom, position) in home.enumerated() {
        // Ghosts that are nobody's neighbors are left out, as such programs do.
        let place = position + shift
        if shift != .zero, home.allSatisfy({ norm($0 - place) > cutoff }) { continue }
        places.append(place)
        owners.append(atom)
        types.append(Int32(frame.types[atom]))
      }
    }
    positions = places.flatMap { [$0.x, $0.y, $0.z] }
    lists = home.indices.map { center in
      places.indices.filter { $0 != center && norm(places[$0] - home[center]) <= cutoff }
        .map { Int32($0) | 1 << 30 }
    }
  }

  func predict(
    _ model: EnergyModel, threads: Int
  ) -> (sums: ListedSums, energies: [Double], forces: [SIMD3<Double>], virials: [Double]) {
    let memory = lists.map(copy), listCounts = copy(lists.map { Int32($0.count) })
    let pointers = copy(memory.enumerated().map { $0 == missing ? nil : Optional($1) })
    let positions = copy(positions), types = copy(types)
    let energies = copy(Array(repeating: Double.nan, count: lists.count))
    let forces = copy(Array(repeating: Double.nan, count: 3 * owners.count))
    let virials = copy(Array(repeating: Double.nan, count: 9 * owners.count))
    defer {
      for list in memory { list.deallocate() }
      for numbers in [positions, energies, forces, virials] { numbers.deallocate() }
      pointers.deallocate()
      types.deallocate()
      listCounts.deallocate()
    }
    var place = ListedPrediction()
    (place.atomValues, place.forces, place.atomVirials) = (energies, forces, virials)
    let sums = Evaluator(threads: threads).predict(
      ListedAtoms(
        ownCount: lists.count, count: owners.count, positions: positions, types: types,
        lists: pointers, listCounts: listCounts, mask: (1 << 30) - 1),
      with: model, into: place)
    var folded = Array(repeating: SIMD3<Double>.zero, count: lists.count)
    var sharedOut = Array(repeating: 0.0, count: 9 * lists.count)
    for (k, owner) in owners.enumerated() {
      folded[owner] += SIMD3(forces[3 * k], forces[3 * k + 1], forces[3 * k + 2])
      for m in 0..<9 { sharedOut[9 * owner + m] += virials[9 * k + m] }
    }
    return (sums, lists.indices.map { energies[$0] }, folded, sharedOut)
  }
}

/// The numbers in memory that stays where it is until it is deallocated.
private func copy<Number>(_ numbers: [Number]) -> UnsafeMutablePointer<Number> {
  let memory = UnsafeMutablePointer<Number>.allocate(capacity: max(numbers.count, 1))
  memory.initialize(from: numbers, count: numbers.count)
  return memory
}

/// `count` copies of a frame along each axis.
private func supercell(of frame: Frame, _ count: Int) -> Frame {
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
