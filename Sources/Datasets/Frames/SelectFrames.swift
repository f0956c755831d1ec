import Atoms
import Diagnostics
import Random

/// The frames of `systems` that `marks` selects; it has one mark for each frame of all systems in
/// their order.
///
/// Frames keep their order; systems without selected frames are left out.
public func selectFrames(_ systems: [AtomicSystem], _ marks: [Bool]) -> [AtomicSystem] {
  precondition(marks.count == systems.reduce(0) { $0 + $1.frameCount })
  var next = 0
  let perSystem = systems.map { system in
    defer { next += system.frameCount }
    return Array(marks[next..<next + system.frameCount])
  }
  return selecting(perSystem, of: systems)
}

/// Keeps `most` marks, chosen at random, or all if there are not more.
///
/// The same marks and seed give the same choice.
/// Source: DP-GEN chooses this way among its candidates (`model_devi`, `fp_task_max`).
public func atMost(_ most: Int, of marks: [Bool], seed: UInt64) -> [Bool] {
  var chosen = marks.indices.filter { marks[$0] }
  guard chosen.count > most else { return marks }
  var random = CounterRandom(seed: seed, purpose: "select")
  random.shuffle(&chosen)
  var result = Array(repeating: false, count: marks.count)
  for frame in chosen.prefix(most) { result[frame] = true }
  return result
}
