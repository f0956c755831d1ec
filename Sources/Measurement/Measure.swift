import Synchronization

/// Whether work is measured: read by every `measure`, changed by `Recorder` alone.
@usableFromInline let isMeasuring = Atomic(false)

/// Does `body`, and records when and on which thread while a `Recorder` is on.
///
/// For pieces of work of at least some microseconds: passes over a tile of atoms, steps over a
/// whole frame; never a pair.  Pieces may be nested.  When nothing is recorded, all it costs is
/// reading one flag; `work` is not evaluated.
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

/// The phase that this thread is in, to be continued by threads that help it; nil when nothing is
/// recorded, and in a step or between phases.
@inlinable
@inline(__always)
public var phaseUnderWay: Phase? {
  isMeasuring.load(ordering: .relaxed) ? innermostPhase() : nil
}

/// Does `body`, which is a helper's part of `phase`: it takes time, but is no further call.
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
