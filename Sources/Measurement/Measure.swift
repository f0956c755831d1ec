import Synchronization

/// Whether work is measured: read by every `measure`, changed by `Recorder` alone.
@usableFromInline let isMeasuring = Atomic(false)

/// Does `body`, and records when and on which thread while a `Recorder` is on.
///
/// For pieces of work of at least some microseconds: passes over a tile of atoms, steps over a whole frame; never
/// a pair.  Pieces may be nested.  When nothing is recorded, all it costs is reading one flag; `work` is not evaluated.
@inlinable
@inline(__always)
public func measure<Result, Failure>(
  _ phase: Phase, _ work: @autoclosure () -> Work = .uncounted,
  _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  guard isMeasuring.load(ordering: .relaxed) else { return try body() }
  let span = beginSpan()
  defer { endSpan(span, phase, at: now(), work()) }
  return try body()
}
