import Foundation
import Kernels

/// The settings of the layerwise Kalman filter (`optimizer/type` "LKF").
public struct KalmanOptions: Sendable, Equatable {
  /// A weight that moves with the steps geometrically: `start (limit/start)^(t/T)`; 0 stays 0.
  public struct Prefactor: Sendable, Equatable {
    /// The weight at the first step, and the weight after the last one.
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

  /// The largest number of parameters in a block (`kf_blocksize`).
  public var blockSize = 5120
  /// Weights of energies and forces (`kf_start_pref_e`, `kf_limit_pref_e`, ...).
  public var energy = Prefactor(), force = Prefactor()
  /// The number format of the covariance (`kf_precision`).
  public var precision = Precision.float64
  /// The number of groups of atoms whose forces count at each step, and the number of atoms in a
  /// group.
  public var groups = 4, atomsPerGroup = 6
  /// The seed for the choice of atoms.
  public var seed: UInt64 = 1

  /// Takes DeePMD-kit's defaults.
  public init() {}
}
