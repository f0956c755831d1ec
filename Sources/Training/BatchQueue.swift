import Atoms
import DeepPotential
import Diagnostics
import Dispatch
import Measurement
import Synchronization

/// A batch with the frames, labels and neighbors that a step needs.
package struct PreparedBatch: Sendable {
  /// The indices of its systems and frames.
  package let batch: Batch
  /// The frames and their labels.
  package let frames: [LabeledFrame]
  /// The frames and their neighbors.
  package let inputs: [PreparedFrame]
}

/// Hands out the batches of a source in order; while a step computes one, the next ones are
/// prepared in the background.
///
/// Two batches wait, so that a slow disk stops no step as long as it keeps up on average.
/// Preparing batches early or late changes no result.
package final class BatchQueue {
  /// The systems and the rule by which batches are drawn.
  package let source: BatchSource
  /// The number of times that a batch was asked for before it was ready, and the time lost by that.
  package private(set) var shortage = BatchShortage()
  private let worker: BatchWorker
  private let queue = DispatchQueue(label: "batches")
  private let threads: Int, batchesAhead: Int
  private var isRunning = false, start = ContinuousClock.now

  /// Prepares the batches of `source` as `preparation` says, on up to `threads` threads.
  ///
  /// Up to `memory` bytes of frames are kept from step to step, but none that get `damage`, which
  /// is another each time.  A batch is prepared only when it is asked for if `preparesAhead` is
  /// false or there is one thread.
  package init(
    _ source: BatchSource, _ preparation: FramePreparation, memory: Int, threads: Int,
    preparesAhead: Bool = true, damage: BatchDamage? = nil
  ) {
    self.source = source
    self.threads = threads
    batchesAhead = preparesAhead && threads > 1 ? 2 : 0
    worker = BatchWorker(source, preparation, memory: memory, damage)
  }

  /// Continues as if `count` batches of the source had been drawn; allowed only before the first
  /// is.
  package func skip(_ count: Int) {
    worker.source.skip(count)
  }

  /// Gives the next batch.  Throws the error of reading its frames.
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
      return try worker.take()  // the first batch is never prepared before
    }
    return try worker.take(orWait: &shortage)
  }

  private func prepareOneMore() {
    // The current step uses the other threads meanwhile.
    queue.async { [worker, threads] in
      measure(.batch) { worker.prepareAhead(threads: max(1, threads / 4)) }
    }
  }
}

/// How often, and for how long, steps waited for their batches.
public struct BatchShortage: Sendable, Equatable {
  /// The number of batches asked for, and the number of those that were not ready.
  public var batches = 0, missing = 0
  /// The time that steps waited for batches, and the time since the first step.
  public var time = Duration.zero, elapsed = Duration.zero

  /// Starts with all counts at zero.
  package init() {}

  /// Adds what steps waited for the batches of another source meanwhile.
  mutating func add(_ other: BatchShortage) {
    batches += other.batches
    missing += other.missing
    time += other.time
    elapsed = max(elapsed, other.elapsed)
  }

  /// Whether steps lost a tenth of the time, measured over ten seconds at least, so that a slow
  /// start does not count.
  public var isGrave: Bool { elapsed > .seconds(10) && time * 10 > elapsed }

  /// The numbers in words.
  public var text: String {
    "\(missing) of \(counted(batches, "batch was", "batches were")) not ready, "
      + "which took \(Int(time / .seconds(1))) s of \(Int(elapsed / .seconds(1))) s"
  }
}

/// The work of a queue: one task at a time prepares batches, and the owner of the queue takes them.
private final class BatchWorker: @unchecked Sendable {
  /// Only the preparing task uses the source once such a task exists.
  var source: BatchSource
  private let preparation: FramePreparation, damage: BatchDamage?
  private var cache: FrameCache
  private let waiting = Mutex<[Result<PreparedBatch, any Error>]>([])
  private let ready = DispatchSemaphore(value: 0)

  init(
    _ source: BatchSource, _ preparation: FramePreparation, memory: Int, _ damage: BatchDamage?
  ) {
    self.source = source
    (self.preparation, self.damage) = (preparation, damage)
    cache = FrameCache(limit: memory)
  }

  /// Gives the oldest waiting batch, as soon as there is one.
  func take() throws -> PreparedBatch {
    ready.wait()
    return try waiting.withLock { $0.removeFirst() }.get()
  }

  /// The same, but counts a wait in `shortage`.
  func take(orWait shortage: inout BatchShortage) throws -> PreparedBatch {
    if ready.wait(timeout: .now()) == .success { ready.signal() } else { shortage.missing += 1 }
    let start = ContinuousClock.now
    let batch = try take()
    shortage.time += ContinuousClock.now - start
    return batch
  }

  /// Prepares a batch and puts it in the line.
  func prepareAhead(threads: Int) {
    let batch = Result { try prepare(threads: threads) }
    waiting.withLock { $0.append(batch) }
    ready.signal()
  }

  /// Prepares the next batch.
  func prepare(threads: Int) throws -> PreparedBatch {
    let batch = source.next(), members = batch.members
    if let damage { return try damaged(batch, by: damage, threads: threads) }
    var frames = members.map { cache.frame($0) }
    let missing = frames.indices.filter { frames[$0] == nil }
    let new = try concurrentMap(missing.count, threads: threads) { [preparation, source] number in
      let member = members[missing[number]]
      return TrainingFrame(
        try source.systems[member.system].frame(member.frame), preparation,
        threads: missing.count == 1 ? threads : 1)
    }
    for (place, frame) in zip(missing, new) {
      frames[place] = frame
      cache.keep(frame, as: members[place])
    }
    let whole = frames.compactMap(\.self)
    return PreparedBatch(batch: batch, frames: whole.map(\.labeled), inputs: whole.map(\.input))
  }

  /// Prepares the frames of `batch`, the last that was drawn, damaged.
  private func damaged(
    _ batch: Batch, by damage: BatchDamage, threads: Int
  ) throws -> PreparedBatch {
    let members = batch.members, number = source.lastNumber
    let frames = try concurrentMap(members.count, threads: threads) {
      [preparation, source] place in
      let member = members[place], system = source.systems[member.system]
      return try damage.frame(
        system.frame(member.frame), batch: number, place: place,
        named: "\(system.place), frame \(member.frame)", preparation,
        threads: members.count == 1 ? threads : 1)
    }
    return PreparedBatch(batch: batch, frames: frames.map(\.labeled), inputs: frames.map(\.input))
  }
}
