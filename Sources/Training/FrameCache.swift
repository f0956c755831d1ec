import Atoms
import DeepPotential

/// A frame with its labels and neighbors, which do not depend on the parameters.
package struct TrainingFrame: Sendable {
  /// The frame, with its atoms moved into the cell, and its labels.
  package let labeled: LabeledFrame
  /// The frame and its neighbors.
  package let input: PreparedFrame

  /// Prepares `frame` on `threads` threads.
  package init(_ frame: LabeledFrame, _ preparation: FramePreparation, threads: Int) {
    input = preparation.prepare(frame.frame, threads: threads)
    labeled = LabeledFrame(input.frame, frame.labels)
  }

  /// The approximate number of bytes that it takes.
  package var memory: Int { input.memory + labeled.labels.memory }
}

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

extension FrameLabels {
  /// The approximate number of bytes that the labels take.
  fileprivate var memory: Int {
    32 * (forces?.count ?? 0) + values.values.reduce(512) { $0 + 8 * $1.count }
  }
}
