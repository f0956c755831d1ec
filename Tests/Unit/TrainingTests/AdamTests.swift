import Kernels
import TestSupport
import Testing
import Training

@Suite struct AdamTests {
  @Test func `the first update has the length of the learning rate`() {
    var parameters = Parameters(float64: [1, -2, 3], float32: [0.5])
    var adam = Adam(for: parameters)
    adam.update(
      &parameters, gradient: Parameters(float64: [1e-3, -7, 0], float32: [2]),
      learningRate: 0.01, trainable: TrainableRanges(all: parameters))
    for (value, expected) in zip(parameters.float64, [0.99, -1.99, 3]) {
      #expect(abs(value - expected) <= 1e-6)
    }
    #expect(abs(parameters.float32[0] - 0.49) <= 1e-6)
  }

  @Test func `updates follow the formula written out plainly`() {
    var options = AdamOptions()
    options.weightDecay = 0.1
    for decaysDirectly in [false, true] {
      options.decaysDirectly = decaysDirectly
      var parameters = Parameters(float64: [0.7])
      var adam = Adam(options, for: parameters)
      var x = 0.7, m = 0.0, v = 0.0, beta1 = 1.0, beta2 = 1.0
      for (t, slope) in [0.3, -0.2, 4.0, 0.01].enumerated() {
        let rate = 0.02 / Double(t + 1)
        adam.update(
          &parameters, gradient: Parameters(float64: [slope]), learningRate: rate,
          trainable: TrainableRanges(all: parameters))
        let g = decaysDirectly ? slope : slope + 0.1 * x
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        beta1 *= 0.9
        beta2 *= 0.999
        if decaysDirectly { x -= rate * 0.1 * x }
        x -= rate / (1 - beta1) * m / ((v / (1 - beta2)).squareRoot() + 1e-8)
        #expect(abs(parameters.float64[0] - x) <= 1e-14)
      }
    }
  }
}
