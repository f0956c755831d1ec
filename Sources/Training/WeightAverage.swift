import Kernels

/// The exponential moving average of weights (`enable_ema`):
/// `average = decay average + (1 - decay) weights`.
///
/// It begins as the weights themselves.
/// Source: DeePMD-kit's `ModelEMA`.
package struct WeightAverage {
  /// The factor of the average at an update.
  package let decay: Double
  /// The average.
  package private(set) var weights: Parameters

  /// Starts an average with `weights`, or continues from an average.
  package init(decay: Double, startingFrom weights: Parameters) {
    self.decay = decay
    self.weights = weights
  }

  /// Adds the weights after an update.
  package mutating func add(_ new: Parameters, threads: Int) {
    weights.approach(new, by: 1 - decay, threads: threads)
  }
}
