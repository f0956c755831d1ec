import Atoms
import DeepPotential
import Diagnostics
import Dispatch
import Measurement
import Synchronization

/// A batch with the frames, labels and neighbors that a step needs.
package struct PreparedBatch: Sendable {
  /// Which frames it has.
  package let batch: Batch
  /// The frames and their labels.
  package let frames: [LabeledFrame]
  /// The frames and their neighbors.
  package let inputs: [PreparedFrame]
}

/// Hands out the batches of a source in their order; while one is computed, the next are prepared
/// in the background.
///
/// Two batches wait, so that reading a slow disk does not stop the steps as long as it keeps up on
/// average.  What is prepared when changes no result.
package final class BatchQueue {
  /// The systems and the rule that batches come from.
  package let source: BatchSource
  /// How often the queue was empty when a batch was asked for, and for how long.
  package private(set) var shortage = BatchShortage()
  private let worker: BatchWorker
  private let queue = DispatchQueue(label: "batches")
  private let threads: Int, batchesAhead: Int
  private var isRunning = false, start = ContinuousClock.now

  /// Batches of `source` prepared as `preparation` says, on up to `threads` threads.
  ///
  /// Up to `memory` bytes of frames are kept from step to step.  Without `preparesAhead`, and on
  /// one thread, a batch is prepared when it is asked for.
  package init(
    _ source: BatchSource, _ preparation: FramePreparation, memory: Int, threads: Int,
    preparesAhead: Bool = true
  ) {
    self.source = source
    self.threads = threads
    batchesAhead = preparesAhead && threads > 1 ? 2 : 0
    worker = BatchWorker(source, preparation, memory: memory)
  }

  /// Goes on as if `count` batches of the source had been drawn; only before the first is.
  package func skip(_ count: Int) {
    worker.source.skip(count)
  }

  /// The next batch.  Throws what reading its frames throws.
  package func next() throws -> PreparedBatch {
    guard batchesAhead > 0 else { return try worker.prepare(threads: threads) }
    shortage.batches += 1
    shortage.elapsed = ContinuousClock.now - start
    if isRunning {
      prepareOneMore()
    } else {
      isRunning = true
      start = .now
      for _ in 0...batchesAhead { prepareOneMore() }
      return try worker.take()  // there was no time to prepare the first
    }
    return try worker.take(orWait: &shortage)
  }

  private func prepareOneMore() {
    // The other threads belong to the step that goes on meanwhile.
    queue.async { [worker, threads] in
      measure(.batch) { worker.prepareAhead(threads: max(1, threads / 4)) }
    }
  }
}

/// How often, and for how long, steps had to wait for their batches.
public struct BatchShortage: Sendable, Equatable {
  /// Batches asked for, and those that were not ready.
  public var batches = 0, missing = 0
  /// How long they were waited for, and how long steps have been going on.
  public var time = Duration.zero, elapsed = Duration.zero

  /// Nothing asked for yet.
  package init() {}

  /// Whether a tenth of the time was lost, once that can be told from a slow start.
  public var isGrave: Bool { elapsed > .seconds(10) && time * 10 > elapsed }

  /// How often and how long, in words.
  public var text: String {
    "\(missing) of \(counted(batches, "batch was", "batches were")) not ready, "
      + "which took \(Int(time / .seconds(1))) s of \(Int(elapsed / .seconds(1))) s"
  }
}

/// What a queue works on: one task at a time prepares, the owner of the queue takes.
private final class BatchWorker: @unchecked Sendable {
  /// Touched by the preparing task only, once there is one.
  var source: BatchSource
  private let preparation: FramePreparation
  private var known: PreparedFrames
  private let waiting = Mutex<[Result<PreparedBatch, any Error>]>([])
  private let ready = DispatchSemaphore(value: 0)

  init(_ source: BatchSource, _ preparation: FramePreparation, memory: Int) {
    self.source = source
    self.preparation = preparation
    known = PreparedFrames(limit: memory)
  }

  /// The batch that has waited longest, as soon as there is one.
  func take() throws -> PreparedBatch {
    ready.wait()
    return try waiting.withLock { $0.removeFirst() }.get()
  }

  /// The same; notes a wait in `shortage`.
  func take(orWait shortage: inout BatchShortage) throws -> PreparedBatch {
    if ready.wait(timeout: .now()) == .success { ready.signal() } else { shortage.missing += 1 }
    let start = ContinuousClock.now
    let batch = try take()
    shortage.time += ContinuousClock.now - start
    return batch
  }

  /// Prepares a batch that waits to be taken.
  func prepareAhead(threads: Int) {
    let batch = Result { try prepare(threads: threads) }
    waiting.withLock { $0.append(batch) }
    ready.signal()
  }

  /// Prepares the next batch.
  func prepare(threads: Int) throws -> PreparedBatch {
    let batch = source.next(), members = batch.members
    var frames = members.map { known.frame($0) }
    let missing = frames.indices.filter { frames[$0] == nil }
    let new = try concurrentMap(missing.count, threads: threads) { [preparation, source] number in
      let member = members[missing[number]]
      return TrainingFrame(
        try source.systems[member.system].frame(member.frame), preparation,
        threads: missing.count == 1 ? threads : 1)
    }
    for (place, frame) in zip(missing, new) {
      frames[place] = frame
      known.keep(frame, as: members[place])
    }
    let whole = frames.compactMap(\.self)
    return PreparedBatch(batch: batch, frames: whole.map(\.labeled), inputs: whole.map(\.input))
  }
}
