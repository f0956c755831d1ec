import Atoms
import DeepPotential

/// A frame with its labels and neighbors: all that steps need of it, whatever the parameters.
package struct TrainingFrame: Sendable {
  /// The frame, its atoms moved into the cell, and its labels.
  package let labeled: LabeledFrame
  /// The frame and its neighbors.
  package let input: PreparedFrame

  /// Prepares `frame` on `threads` threads.
  package init(_ frame: LabeledFrame, _ preparation: FramePreparation, threads: Int) {
    input = preparation.prepare(frame.frame, threads: threads)
    labeled = LabeledFrame(input.frame, frame.labels)
  }

  /// About how many bytes it takes.
  package var memory: Int { input.memory + labeled.labels.memory }
}

/// Keeps frames with their neighbors from step to step, as many as fit a limit of memory.
///
/// Frames that came first stay; later ones are prepared anew each time.  What is kept changes no result.
package struct PreparedFrames {
  private var frames: [Batch.Member: TrainingFrame] = [:]
  /// Bytes that the frames take.
  package private(set) var bytes = 0
  private let limit: Int

  /// Room for `limit` bytes.
  package init(limit: Int) { self.limit = limit }

  /// The frame `member`, if it is at hand.
  package func frame(_ member: Batch.Member) -> TrainingFrame? { frames[member] }

  /// Keeps `frame` if there is room.
  package mutating func keep(_ frame: TrainingFrame, as member: Batch.Member) {
    guard bytes + frame.memory <= limit else { return }
    bytes += frame.memory
    frames[member] = frame
  }
}

extension FrameLabels {
  /// About how many bytes they take.
  fileprivate var memory: Int {
    32 * (forces?.count ?? 0) + values.values.reduce(512) { $0 + 8 * $1.count }
  }
}
