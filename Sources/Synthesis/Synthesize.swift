import Atoms
import Dispatch
import Synchronization

/// Makes the systems of `kind`: `data_0` and on for training, `validation` last; their `place` is
/// their name.
///
/// Each system has the labels `energy`, `force` and `virial`, exact derivatives of one smooth
/// energy.  `frames` is the number of frames of each system, nil for the number in the recipe; a
/// smaller number gives the first frames of a larger one.  The same seed gives the same bytes on
/// any number of `threads`, because each system has its own sequence of random numbers.  `progress`
/// is called for every frame, from any thread.
public func synthesize(
  _ kind: SyntheticSystem, seed: UInt64, frames: Int? = nil, threads: Int = 1,
  progress: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
) -> [AtomicSystem] {
  precondition(frames.map { $0 > 0 } ?? true, "no frames asked for")
  let simulations = kind.simulations(seed: seed)
  let counts = simulations.map { frames ?? $0.frames }
  let total = counts.reduce(0, +), done = Mutex(0)
  let queue = Mutex(simulations.indices.makeIterator()), systems = Mutex<[Int: AtomicSystem]>([:])
  DispatchQueue.concurrentPerform(iterations: min(threads, simulations.count)) { _ in
    while let index = queue.withLock({ $0.next() }) {
      let system = simulations[index].run(frames: counts[index]) {
        done.withLock { done in
          done += 1
          progress(done, total)
        }
      }
      systems.withLock { $0[index] = system }
    }
  }
  return systems.withLock { made in simulations.indices.compactMap { made[$0] } }
}
