import Atoms
import Datasets
import Testing

/// Training and validation data out of one set.
struct SplitFramesTests {
  private func system(
    _ names: [String], types: [Int], frames: [Double], place: String = "x"
  ) -> AtomicSystem {
    AtomicSystem(
      place: place, typeNames: names, types: types, isPeriodic: false, frameCount: frames.count,
      positions: frames.flatMap { value in types.indices.flatMap { [value, Double($0), 0] } },
      cells: [], labels: ["energy": frames])
  }

  @Test func `a tenth is taken, no frame is lost, and the same again with the same seed`() throws {
    let data = [system(["Al"], types: [0, 0], frames: (0..<40).map(Double.init))]
    let parts = try #require(splitFrames(data, fraction: 0.1, seed: 1))
    #expect(parts.training.map(\.frameCount) == [36] && parts.validation.map(\.frameCount) == [4])
    let energies = (parts.training + parts.validation).flatMap { $0.labels["energy"] ?? [] }
    #expect(energies.sorted() == (0..<40).map(Double.init))
    let again = try #require(splitFrames(data, fraction: 0.1, seed: 1))
    #expect(again.validation == parts.validation)
    let other = try #require(splitFrames(data, fraction: 0.1, seed: 2))
    #expect(other.validation != parts.validation)
  }

  @Test func `every system gives its part`() throws {
    let data = (0..<3).map { number in
      system(["Al"], types: [0], frames: (0..<20).map { Double(100 * number + $0) })
    }
    let parts = try #require(splitFrames(data, fraction: 0.1, seed: 1))
    #expect(parts.validation.map(\.frameCount) == [2, 2, 2])
  }

  @Test func `equal frames stay together`() throws {
    let data = [
      system(["Al"], types: [0], frames: [1, 1, 2, 2, 2]),
      system(["Al"], types: [0], frames: [2, 1]),
    ]
    let parts = try #require(splitFrames(data, fraction: 0.5, seed: 1))
    let sides = [parts.training, parts.validation].map { side in
      Set(side.flatMap { $0.labels["energy"] ?? [] })
    }
    #expect(sides[0].count == 1 && sides[1].count == 1 && sides[0] != sides[1])
  }

  @Test func `no element loses its last frame, and what cannot be split is not`() throws {
    let rare = [
      system(["Al", "Na"], types: [0, 1], frames: [1]), system(["Al"], types: [0], frames: [1, 2]),
    ]
    for seed in 0..<20 {
      let parts = try #require(splitFrames(rare, fraction: 0.3, seed: UInt64(seed)))
      #expect(parts.training.contains { $0.types == [0, 1] })
    }
    #expect(splitFrames([system(["Al"], types: [0], frames: [1])], fraction: 0.1, seed: 1) == nil)
    #expect(
      splitFrames([system(["Al"], types: [0], frames: [1, 1])], fraction: 0.1, seed: 1) == nil)
    let apart = [system(["H"], types: [0], frames: [1]), system(["O"], types: [0], frames: [2])]
    #expect(splitFrames(apart, fraction: 0.5, seed: 1) == nil)
  }
}
