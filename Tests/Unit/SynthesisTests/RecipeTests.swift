import Atoms
import Datasets
import Synthesis
import Testing

@Suite struct RecipeTests {
  /// The systems of `kind` with the dynamics cut short: no test here depends on its length.
  private func short(_ kind: SyntheticSystem, seed: UInt64, frames: Int) -> [AtomicSystem] {
    joined(
      kind.simulations(seed: seed, frames: frames).map { simulation in
        var simulation = simulation
        (simulation.equilibration, simulation.spacing) = (2, 2)
        return simulation.run()
      })
  }

  @Test(arguments: SyntheticSystem.allCases)
  func `the same seed gives the same systems, another seed others`(kind: SyntheticSystem) {
    let first = short(kind, seed: 1, frames: 2)
    #expect(first == short(kind, seed: 1, frames: 2))
    for (a, b) in zip(first, short(kind, seed: 2, frames: 2)) {
      #expect(a.positions != b.positions)
      #expect(a.types == b.types)
    }
  }

  @Test(arguments: SyntheticSystem.allCases)
  func `fewer frames are the first of more frames`(kind: SyntheticSystem) {
    let one = short(kind, seed: 1, frames: 1), two = short(kind, seed: 1, frames: 2)
    for (a, b) in zip(one, two) {
      #expect(a.frameCount == 1 && b.frameCount == 2)
      #expect(a.positions == Array(b.positions.prefix(a.positions.count)))
      #expect(a.labels["energy"] == b.labels["energy"].map { Array($0.prefix(1)) })
    }
  }

  @Test(arguments: SyntheticSystem.allCases)
  func `systems are named, differ, and the last one is for validation`(kind: SyntheticSystem) {
    let systems = short(kind, seed: 1, frames: 1)
    let training = (0..<systems.count - 1).map { "data_\($0)" }
    #expect(systems.count >= 4)
    #expect(systems.map(\.place) == training + ["validation"])
    #expect(Set(systems.map(\.positions)).count == systems.count)
    for system in systems {
      #expect(system.labels.keys.sorted() == ["energy", "force", "virial"])
      #expect(system.labels["force"]?.count == 3 * system.atomCount)
      #expect(system.labels["virial"]?.count == 9)
      #expect(system.isPeriodic == (kind != .cluster))
    }
  }

  @Test(arguments: SyntheticSystem.allCases)
  func `labels belong to the positions as stored`(kind: SyntheticSystem) throws {
    // Stored positions are wrapped into the cell or centered, so this catches a frame out of step.
    for simulation in kind.simulations(seed: 5, frames: 1).suffix(2) {
      var simulation = simulation
      (simulation.equilibration, simulation.spacing) = (30, 5)
      let system = simulation.run()
      let x = stride(from: 0, to: system.positions.count, by: 3).map {
        SIMD3(system.positions[$0], system.positions[$0 + 1], system.positions[$0 + 2])
      }
      let labels = simulation.potential.labels(at: x, in: simulation.cell)
      let energy = try #require(system.labels["energy"]?.first)
      #expect(abs(labels.energy - energy) < 1e-11 * abs(energy))
      let forces = labels.forces.flatMap { [$0.x, $0.y, $0.z] }
      for (a, b) in zip(forces, system.labels["force"] ?? []) { #expect(abs(a - b) < 1e-9) }
      if let cell = simulation.cell {
        #expect(x.map(cell.fractional).allSatisfy { $0.min() > -1e-12 && $0.max() < 1 + 1e-12 })
      }
    }
  }

  @Test func `water is what published water data sets are`() {
    let system = short(.water, seed: 1, frames: 1)[0]
    #expect(system.atomCount == 192)
    #expect(system.typeNames == ["O", "H"])
    #expect(system.types == Array(repeating: 0, count: 64) + Array(repeating: 1, count: 128))
    #expect(system.cells == [12.44, 0, 0, 0, 12.44, 0, 0, 0, 12.44])
  }

  @Test func `copper has triclinic cells of several volumes`() {
    let systems = short(.copper, seed: 1, frames: 1)
    let volumes = Set(systems.compactMap { Cell(rows: $0.cells)?.volume })
    #expect(volumes.count >= 5)
    #expect(systems.count { $0.cells[3] != 0 && $0.cells[6] != 0 && $0.cells[7] != 0 } >= 2)
    #expect(systems.allSatisfy { $0.atomCount >= 108 })
  }

  @Test func `every frame of an alloy has its own occupation, volume and shape`() {
    for system in short(.alloy, seed: 1, frames: 3) {
      #expect(system.typeNames == ["Cu", "Ni", "Pd", "Pt"])
      #expect(system.atomCount == 108 && system.types.allSatisfy { $0 == 0 })
      let frames = (0..<3).map { Array(system.types(ofFrame: $0)) }
      let cells = (0..<3).map { Array(system.cells[9 * $0..<9 * $0 + 9]) }
      #expect(Set(frames).count == 3 && Set(cells).count == 3)
      #expect(Set(cells.compactMap { Cell(rows: $0)?.volume }).count == 3)
    }
  }

  @Test func `the metals of an alloy have their shares`() throws {
    // 40 frames of 108 atoms: a share of 0.55 has a deviation of 0.008.
    let simulations = SyntheticSystem.alloy.simulations(seed: 1, frames: 40)
    for (name, metal, share) in [("data_1", 0, 0.55), ("data_4", 2, 0.15), ("validation", 3, 0.3)] {
      let types = simulations.filter { $0.name == name }.flatMap(\.types)
      #expect(types.count == 40 * 108)
      #expect(abs(Double(types.count { $0 == metal }) / Double(types.count) - share) < 0.03)
    }
  }

  @Test func `molecules of a warm cluster keep their bonds`() {
    var simulation = SyntheticSystem.cluster.simulations(seed: 1, frames: 20)[2]
    (simulation.equilibration, simulation.spacing) = (500, 20)
    let system = simulation.run()
    let molecules = system.atomCount / 3
    var mean = 0.0
    for frame in 0..<20 {
      let x = (0..<system.atomCount).map { atom in
        let start = 3 * (frame * system.atomCount + atom)
        return SIMD3(Array(system.positions[start..<start + 3]))
      }
      for h in 0..<2 * molecules {
        mean += norm(x[molecules + h] - x[h / 2]) / Double(40 * molecules)
      }
    }
    #expect(mean > 1.0 && mean < 1.05)
  }
}
