import Foundation
import Kernels

/// What defines the layerwise Kalman filter (`optimizer/type` "LKF").
public struct KalmanOptions: Sendable, Equatable {
  /// A weight that moves with the steps, geometrically: `start (limit/start)^(t/T)`; 0 for none.
  public struct Prefactor: Sendable, Equatable {
    /// Weights at the first step and after the last.
    public var start: Double, limit: Double

    /// Makes a prefactor.
    public init(start: Double = 1, limit: Double = 1) {
      self.start = start
      self.limit = limit
    }

    /// The weight at step `step` of `total`.
    func value(at step: Int, of total: Int) -> Double {
      start * pow(limit / start, Double(step) / Double(total))
    }
  }

  /// Most parameters in a block (`kf_blocksize`).
  public var blockSize = 5120
  /// Weights of energies and forces (`kf_start_pref_e`, `kf_limit_pref_e`, ...).
  public var energy = Prefactor(), force = Prefactor()
  /// Number format of the covariance (`kf_precision`).
  public var precision = Precision.float64
  /// Groups of atoms whose forces count at each step, and atoms in a group.
  public var groups = 4, atomsPerGroup = 6
  /// What the choice of atoms is drawn from.
  public var seed: UInt64 = 1

  /// DeePMD-kit's defaults.
  public init() {}
}
