import Atoms
import DeepPotential
import Kernels
import Testing

/// A model with `slots` for two types in which some pairs of types do not see each other.
private func model(
  slots: [Int], excludedPairs: [[Int]] = [], hiddenPairs: [[Int]] = []
) -> EnergyModel {
  var descriptor = SeE2AOptions(
    innerCutoff: 1, outerCutoff: 4, slots: slots, neuron: [2, 4], axisWidth: 2)
  descriptor.excludedPairs = hiddenPairs
  var options = ModelOptions(
    typeMap: ["O", "H"], descriptor: descriptor, fitting: FittingOptions(neuron: [4]))
  options.excludedPairs = excludedPairs
  return EnergyModel(options)
}

/// The plain twin: for each type the nearest that count, as codes, of one atom's `neighbors`.
private func plainSlots(_ neighbors: [UInt32], types: [Int], slots: [Int]) -> [[UInt32]] {
  let nearest = neighbors.prefix(slots.reduce(0, +))
  return slots.indices.map { type in
    Array(nearest.filter { types[Int($0)] == type }.prefix(slots[type]))
  }
}

@Suite struct PreparedFrameTests {
  /// All neighbors of each atom, nearest first, as codes; atoms alone count where there is one
  /// image.
  private func neighbors(_ frame: Frame) -> [[UInt32]] {
    let search = NeighborSearch(frame, cutoff: 4), found = FoundNeighbors()
    var all: [[UInt32]] = frame.types.map { _ in [] }
    for box in 0..<search.boxCount {
      search.forEachCenter(inBox: box, found) { all[$0] = Array(found.codes) }
    }
    return all
  }

  @Test(arguments: [[40, 40], [3, 40], [3, 5], [40, 0], [0, 1]])
  func `each type has its nearest neighbors of the nearest that there are slots for`(slots: [Int]) {
    var frame = exampleFrame(isPeriodic: false)
    frame.types[4] = -1
    let prepared = model(slots: slots).prepare(frame).slots
    var truncated = 0
    for (center, all) in neighbors(frame).enumerated() {
      let expected = plainSlots(all, types: frame.types, slots: slots)
      for type in 0..<2 {
        let range = prepared.starts[center * 2 + type]..<prepared.starts[center * 2 + type + 1]
        #expect(
          Array(prepared.codes[Int(range.lowerBound)..<Int(range.upperBound)]) == expected[type])
      }
      if expected.joined().count < all.count { truncated += 1 }
    }
    #expect(prepared.truncatedCenters == truncated)
    #expect(prepared.hiddenCounts.isEmpty)
  }

  @Test func `an excluded pair leaves its slot empty, a hidden one fills it`() {
    let frame = exampleFrame(), all = model(slots: [40, 40]).prepare(frame).slots
    let excluded = model(slots: [40, 40], excludedPairs: [[0, 1]]).prepare(frame).slots
    let hidden = model(slots: [40, 40], hiddenPairs: [[1, 0]]).prepare(frame).slots
    #expect(excluded.codes == hidden.codes && excluded.codes.count < all.codes.count)
    #expect(excluded.hiddenCounts.isEmpty)
    for center in frame.types.indices {
      for type in 0..<2 {
        let place = 2 * center + type, isSame = frame.types[center] == type
        let count = all.starts[place + 1] - all.starts[place]
        #expect(hidden.hiddenCounts[place] == (isSame ? 0 : count))
        #expect(hidden.starts[place + 1] - hidden.starts[place] == (isSame ? count : 0))
      }
    }
  }

  @Test(arguments: [2, 3, 4]) func `threads do not change a prepared frame`(threads: Int) {
    for frame in [exampleFrame(), exampleFrame(isPeriodic: false)] {
      let model = model(slots: [30, 30]), alone = model.prepare(frame)
      let together = model.prepare(frame, threads: threads)
      #expect(together.slots == alone.slots && together.closest == alone.closest)
    }
  }

  @Test func `the closest distance is that of two atoms, or the cutoff`() {
    var frame = Frame(types: [0, 1, 1], positions: [.zero, .one, .one * 1.5], cell: nil)
    #expect(model(slots: [4, 4]).prepare(frame).closest == norm(SIMD3(repeating: 0.5)))
    frame.positions = [.zero, .one * 10, .one * 20]
    #expect(model(slots: [4, 4]).prepare(frame).closest == 4)
  }

  @Test func `a pair takes four bytes`() {
    let frame = exampleFrame()
    let few = model(slots: [1, 1]).prepare(frame), all = model(slots: [200, 200]).prepare(frame)
    let pairs = all.slots.codes.count - few.slots.codes.count
    #expect(pairs > 300 && all.memory - few.memory == 4 * pairs)
  }
}
