/// A cache of frames with their neighbors, up to a limit of memory.
///
/// The cache keeps the frames that come first; later frames are prepared anew each time.  The cache
/// changes no result.
package struct FrameCache {
  private var frames: [Batch.Member: TrainingFrame] = [:]
  /// The number of bytes that the frames take.
  package private(set) var bytes = 0
  private let limit: Int

  /// Makes an empty cache for `limit` bytes.
  package init(limit: Int) { self.limit = limit }

  /// The frame `member`; nil if the cache does not have it.
  package func frame(_ member: Batch.Member) -> TrainingFrame? { frames[member] }

  /// Keeps `frame` if there is room.
  package mutating func keep(_ frame: TrainingFrame, as member: Batch.Member) {
    guard bytes + frame.memory <= limit else { return }
    bytes += frame.memory
    frames[member] = frame
  }
}
