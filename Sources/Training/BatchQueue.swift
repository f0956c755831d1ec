import DeepPotential
import Dispatch
import Measurement

/// A batch with the frames, labels and neighbors that a step needs.
struct PreparedBatch: Sendable {
  /// Which frames it has.
  let batch: Batch
  /// The frames and their labels.
  let frames: [LabeledFrame]
  /// The frames and their neighbors.
  let inputs: [PreparedFrame]
}

/// Hands out the batches of a source in their order; while one is computed, the next is prepared in the background.
///
/// At most one batch waits.  What is prepared when changes no result.
final class BatchQueue {
  /// The systems and the rule that batches come from.
  let source: BatchSource
  private let worker: BatchWorker
  private let queue = DispatchQueue(label: "batches")
  private let threads: Int, preparesAhead: Bool

  /// Batches of `source` prepared as `preparation` says, on up to `threads` threads.
  ///
  /// Up to `memory` bytes of frames are kept from step to step.  Without `preparesAhead`, and on one thread, a batch is
  /// prepared when it is asked for.
  init(
    _ source: BatchSource, _ preparation: FramePreparation, memory: Int, threads: Int,
    preparesAhead: Bool = true
  ) {
    self.source = source
    self.threads = threads
    self.preparesAhead = preparesAhead && threads > 1
    worker = BatchWorker(source, preparation, memory: memory)
  }

  /// Goes on as if `count` batches of the source had been drawn; only before the first is.
  func skip(_ count: Int) {
    queue.sync { worker.source.skip(count) }
  }

  /// The next batch.
  func next() -> PreparedBatch {
    let batch = queue.sync { worker.take(threads: threads) }
    if preparesAhead {
      // The other threads belong to the step that goes on meanwhile.
      queue.async { [worker, threads] in
        measure(.batch) { worker.prepareAhead(threads: max(1, threads / 4)) }
      }
    }
    return batch
  }
}

/// What a queue works on; only ever touched from its one `DispatchQueue`.
private final class BatchWorker: @unchecked Sendable {
  var source: BatchSource
  private let preparation: FramePreparation
  private var known: PreparedFrames
  private var waiting: PreparedBatch?

  init(_ source: BatchSource, _ preparation: FramePreparation, memory: Int) {
    self.source = source
    self.preparation = preparation
    known = PreparedFrames(limit: memory)
  }

  /// The batch that waits, or else the next one.
  func take(threads: Int) -> PreparedBatch {
    defer { waiting = nil }
    return waiting ?? prepare(threads: threads)
  }

  func prepareAhead(threads: Int) {
    if waiting == nil { waiting = prepare(threads: threads) }
  }

  private func prepare(threads: Int) -> PreparedBatch {
    let batch = source.next(), system = source.systems[batch.system]
    var frames = batch.frames.map { known.frame(system: batch.system, index: $0) }
    let missing = frames.indices.filter { frames[$0] == nil }
    let new = concurrentMap(missing.count, threads: threads) { [preparation] number in
      let frame = system.frame(batch.frames[missing[number]])
      return TrainingFrame(frame, preparation, threads: missing.count == 1 ? threads : 1)
    }
    for (place, frame) in zip(missing, new) {
      frames[place] = frame
      known.keep(frame, system: batch.system, index: batch.frames[place])
    }
    let whole = frames.compactMap(\.self)
    return PreparedBatch(batch: batch, frames: whole.map(\.labeled), inputs: whole.map(\.input))
  }
}
