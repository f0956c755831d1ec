/// How the ranks of a job exchange bytes.  All of them make the same calls in the same order, from
/// one thread each.
public protocol Transport: Sendable {
  /// Number of this process among the ranks, from 0.
  var rank: Int { get }
  /// Number of ranks.
  var size: Int { get }

  /// Gives every rank what each has: `counts[r]` bytes from rank r, in the order of ranks.
  func gather(
    _ own: UnsafeRawBufferPointer, into all: UnsafeMutableRawBufferPointer, counts: [Int])

  /// Gives each rank its part of what every rank has: `counts[r]` bytes of `own` go to rank r, in
  /// the order of ranks, and `receivedCounts[r]` come from it.
  func exchange(
    _ own: UnsafeRawBufferPointer, counts: [Int],
    into received: UnsafeMutableRawBufferPointer, receivedCounts: [Int])

  /// Gives every rank what rank 0 has.
  func broadcast(_ bytes: UnsafeMutableRawBufferPointer)

  /// Gives `bytes` to `rank`, which receives as many.
  func send(_ bytes: UnsafeRawBufferPointer, to rank: Int)

  /// Waits for bytes that `rank` sends.
  func receive(_ bytes: UnsafeMutableRawBufferPointer, from rank: Int)

  /// Leaves the job, as all ranks do.
  func finish()

  /// Ends the job at once, on all ranks, with `exitCode`.
  func abort(exitCode: Int32) -> Never
}
