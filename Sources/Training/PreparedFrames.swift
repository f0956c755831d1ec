import DeepPotential

/// Keeps the neighbors of frames from step to step, as many as fit a limit of memory.
///
/// Frames that came first stay; later ones are prepared anew each time.  What is kept changes no result.
struct PreparedFrames {
  private struct Key: Hashable {
    let system: Int, index: Int
  }

  private var frames: [Key: PreparedFrame] = [:]
  private var bytes = 0
  private let limit: Int

  /// Room for `limit` bytes of neighbors.
  init(limit: Int = 128 << 20) { self.limit = limit }

  /// Frame `index` of a system, prepared by `prepare` if it is not at hand.
  mutating func frame(system: Int, index: Int, _ prepare: () -> PreparedFrame) -> PreparedFrame {
    let key = Key(system: system, index: index)
    if let known = frames[key] { return known }
    let new = prepare()
    if bytes + new.memory <= limit {
      bytes += new.memory
      frames[key] = new
    }
    return new
  }
}
