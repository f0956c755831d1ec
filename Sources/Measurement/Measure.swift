import Synchronization

/// Whether work is measured; every `measure` reads it, only `Recorder` changes it.
@usableFromInline let isMeasuring = Atomic(false)

/// Calls `body`; while a `Recorder` is on, records its time and thread.
///
/// It is for pieces of work of some microseconds or more: passes over a tile of atoms, steps over a
/// whole frame, never a pair.  Pieces may be nested.  While nothing is recorded, the cost is
/// reading one flag, and `work` is not evaluated.
@inlinable
@inline(__always)
public func measure<Result, Failure>(
  _ phase: Phase, _ work: @autoclosure () -> Work = .uncounted,
  _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  guard isMeasuring.load(ordering: .relaxed) else { return try body() }
  let span = beginSpan(phase)
  defer { endSpan(span, at: now(), work()) }
  return try body()
}

/// The phase of this thread, for helping threads to continue; nil while nothing is recorded, in a
/// step, and between phases.
@inlinable
@inline(__always)
public var phaseUnderWay: Phase? {
  isMeasuring.load(ordering: .relaxed) ? innermostPhase() : nil
}

/// Calls `body`, a helper's part of `phase`: its time counts, but it is no further call.
@inlinable
@inline(__always)
public func measure<Result, Failure>(
  continuing phase: Phase?, _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  guard let phase, isMeasuring.load(ordering: .relaxed) else { return try body() }
  let span = beginSpan(phase)
  defer { endSpan(span, at: now(), .uncounted, isContinued: true) }
  return try body()
}
