import Diagnostics
import Foundation
import Measurement

/// Runs the work that `open` gives on `threads` threads, and measures the phases of `steps` steps.
///
/// `say` receives a message for each part of the measurement.  Throws the errors of `open` or of a
/// step.
public func profile(
  threads: Int, steps: Int, say: (String) -> Void, _ open: () throws -> Workload
) throws -> Profile {
  precondition(threads > 0 && steps > 0)
  let ((workload, step), start) = try recorded {
    let workload = try open()
    return (workload, workload.begin(threads))
  }
  let startMemory = peakMemory()
  let (firstStepSeconds, _) = try timed(step)
  for _ in 0..<warmUpSteps { _ = try step() }
  say("recording \(counted(steps, "step"))")
  let (times, recording) = try recorded { try (0..<steps).map { _ in try timed(step) } }
  let memory = peakMemory()
  say("comparing steps with and without measuring")
  let cost = try measuringCost(of: step, steps: steps, recording)
  let scaling = try threadCounts(upTo: threads).map { count in
    say("timing on \(counted(count, "thread"))")
    return try scale(workload, threads: count, steps: steps)
  }
  // If no temporary folder can be written, the rest of the profile is still of use.
  let writing = workload.writeOnce.flatMap { write in
    try? recorded { try write(threads) }.recording
  }
  say("measuring the machine")
  let oneThread = MachineLimits(threads: 1)
  return Profile(
    kind: workload.kind, place: workload.place,
    model: ModelOutline(workload.model, tables: workload.tables),
    atoms: workload.atoms, threads: threads, frames: times.reduce(0) { $0 + $1.frames },
    stepSeconds: times.map(\.seconds), start: start,
    firstStepSeconds: firstStepSeconds, startMemory: startMemory, peakMemory: memory,
    recording: recording, writing: writing, oneThread: oneThread,
    allThreads: threads == 1 ? oneThread : MachineLimits(threads: threads).atLeast(oneThread),
    scaling: scaling,
    cost: cost)
}

/// The number of steps before the measurement: they reserve memory and fill the caches.
private let warmUpSteps = 2

/// 1, 2, 4, ... and `most`.
func threadCounts(upTo most: Int) -> [Int] {
  Array(sequence(first: 1) { 2 * $0 < most ? 2 * $0 : nil }) + (most > 1 ? [most] : [])
}

/// The middle of `values`; of an even number of values, the mean of the two in the middle.
func median(_ values: [Double]) -> Double {
  let sorted = values.sorted(), n = sorted.count
  return n == 0 ? 0 : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2
}

/// The result of `body`, and the recording made during it.
private func recorded<Result>(
  _ body: () throws -> Result
) throws -> (result: Result, recording: Recording) {
  Recorder.begin()
  let result = Swift.Result { try body() }
  let recording = Recorder.finish()
  return (try result.get(), recording)
}

/// The seconds of one step, and its number of frames.
private func timed(_ step: () throws -> Int) rethrows -> (seconds: Double, frames: Int) {
  let start = ContinuousClock.now
  let frames = try step()
  return ((ContinuousClock.now - start) / .seconds(1), frames)
}

private func scale(_ workload: Workload, threads: Int, steps: Int) throws -> ThreadScaling {
  let step = workload.begin(threads)
  for _ in 0...warmUpSteps { _ = try step() }
  let times = try (0..<steps).map { _ in try timed(step) }
  return ThreadScaling(
    threads: threads, secondsPerFrame: median(times.map { $0.seconds / Double($0.frames) }))
}

/// Does steps with and without measuring in pairs, in changing order, so that a slow drift of the
/// machine's speed affects both alike.
private func measuringCost(
  of step: () throws -> Int, steps: Int, _ recording: Recording
) throws -> MeasuringCost {
  var on: [Double] = [], off: [Double] = []
  for k in 0..<2 * steps {
    if k % 4 == 0 || k % 4 == 3 {
      off.append(try timed(step).seconds)
    } else {
      Recorder.begin()
      defer { _ = Recorder.finish() }
      on.append(try timed(step).seconds)
    }
  }
  let pieces = recording.threads.reduce(0) { $0 + $1.events.count + $1.droppedEvents }
  return MeasuringCost(
    piecesPerStep: Double(pieces) / Double(steps), secondsPerPiece: secondsPerPiece(),
    secondsOff: median(off), differences: zip(on, off).map { $0 / $1 - 1 })
}

/// The seconds that an empty piece of work takes.
private func secondsPerPiece() -> Double {
  let count = 20_000
  Recorder.begin()
  let start = ContinuousClock.now
  for _ in 0..<count { measure(.loss, Work(operations: 1, bytes: 1)) {} }
  let seconds = (ContinuousClock.now - start) / .seconds(1)
  _ = Recorder.finish()
  return seconds / Double(count)
}

/// The largest resident memory of the process so far, in bytes.
func peakMemory() -> Int {
  var usage = rusage()
  #if os(Linux)
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss << 10  // kilobytes
  #else
    getrusage(RUSAGE_SELF, &usage)
    return usage.ru_maxrss
  #endif
}
