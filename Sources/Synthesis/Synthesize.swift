import Atoms
import Dispatch
import Synchronization

/// Makes the systems of `kind`: `data_0` and on for training, `validation` last; their `place` is
/// their name.
///
/// Each system has the labels `energy`, `force` and `virial`, exact derivatives of one smooth
/// energy.  `frames` is the number of frames of each system, nil for the number in the recipe; a
/// smaller number gives the first frames of a larger one.  The same seed gives the same bytes on
/// any number of `threads`, because each system has its own sequence of random numbers.  With
/// `tensors`, frames of water have the labels `dipole`, `polarizability`, those of molecules
/// (`atomic_dipole`, `atomic_polarizability`, at the oxygens) and `isotropic_polarizability`, too.
/// `progress` is called for every frame, from any thread.
public func synthesize(
  _ kind: SyntheticSystem, seed: UInt64, frames: Int? = nil, tensors: Bool = false,
  threads: Int = 1,
  progress: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
) -> [AtomicSystem] {
  precondition(frames.map { $0 > 0 } ?? true, "no frames asked for")
  let simulations = kind.simulations(seed: seed, frames: frames)
  let total = simulations.reduce(0) { $0 + $1.frames }, done = Mutex(0)
  let queue = Mutex(simulations.indices.makeIterator()), systems = Mutex<[Int: AtomicSystem]>([:])
  DispatchQueue.concurrentPerform(iterations: min(threads, simulations.count)) { _ in
    while let index = queue.withLock({ $0.next() }) {
      let system = simulations[index].run(tensors: tensors) {
        done.withLock { done in
          done += 1
          progress(done, total)
        }
      }
      systems.withLock { $0[index] = system }
    }
  }
  return joined(systems.withLock { made in simulations.indices.compactMap { made[$0] } })
}

/// The systems with the frames of those of the same name, one after another, put together.
package func joined(_ parts: [AtomicSystem]) -> [AtomicSystem] {
  var systems: [AtomicSystem] = []
  for part in parts {
    if systems.last?.place == part.place {
      systems[systems.count - 1].append(part)
    } else {
      systems.append(part)
    }
  }
  return systems
}

extension AtomicSystem {
  /// Appends the frames of `other`, a system of mixed type with as many atoms, as this one is.
  fileprivate mutating func append(_ other: AtomicSystem) {
    precondition(other.atomCount == atomCount && frameTypes != nil && other.frameTypes != nil)
    frameCount += other.frameCount
    frameTypes? += other.frameTypes ?? []
    positions += other.positions
    cells += other.cells
    for (name, values) in other.labels { labels[name, default: []] += values }
  }
}
