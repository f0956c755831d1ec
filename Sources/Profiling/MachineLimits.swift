/// The measured peak rates of this machine on a number of busy threads; work is compared with them.
public struct MachineLimits: Sendable, Equatable {
  /// The number of busy threads.
  public var threads: Int
  /// The rates of fused multiply-adds of float64 and float32 in registers, in GFLOP/s of all
  /// threads together.
  public var float64: Double, float32: Double
  /// The rate of `a = b + s c` over arrays far larger than the caches, in GB/s of all threads
  /// together.
  ///
  /// Three arrays are counted, as in STREAM; reading a line before it is written is not counted.
  public var bandwidth: Double

  /// The limits of more threads, raised to those of fewer where other programs have disturbed the
  /// measurement.
  func atLeast(_ fewer: MachineLimits) -> MachineLimits {
    var limits = self
    limits.float64 = max(float64, fewer.float64)
    limits.float32 = max(float32, fewer.float32)
    limits.bandwidth = max(bandwidth, fewer.bandwidth)
    return limits
  }

  /// Measures the limits; that takes some tenths of a second.
  public init(threads: Int) {
    self.threads = threads
    float64 = 1e-9 * best(of: 6, threads: threads) { _ in operationsOfFloat64Loop() }
    float32 = 1e-9 * best(of: 6, threads: threads) { _ in operationsOfFloat32Loop() }
    let triads = (0..<threads).map { _ in Triad(bytes: Triad.defaultBytes / threads) }
    bandwidth = 1e-9 * best(of: 6, threads: threads) { triads[$0].run() }
  }
}
