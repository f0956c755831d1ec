import Foundation
import Kernels
import Measurement

/// Our `tanh` with its slope, and libm's alone: 8192 numbers, which stay in the cache.
func timeTanh<Scalar: NetworkScalar>(_ type: Scalar.Type, libm: (Scalar) -> Scalar) -> [Row] {
  let count = 8192, numbers = filled(count, of: type), slopes = filled(count, of: type)
  let size = MemoryLayout<Scalar>.stride, precision = Scalar.precision.rawValue
  // Operations as Measurement counts them: 38 of a value, 2 of its slope.
  let work = Work(operations: 40 * Double(count), bytes: Double(3 * size * count))
  let ours = secondsPerCall { Scalar.tanh(numbers.base, slope: slopes.base, count: count) }
  fill(numbers.base, count)
  let theirs = secondsPerCall { for k in 0..<count { slopes.base[k] = libm(numbers.base[k]) } }
  return withExtendedLifetime((numbers, slopes)) {
    [
      Row("tanh and slope of \(count) numbers", precision, seconds: ours, work: work),
      Row("libm's tanh of them, alone", precision, seconds: theirs, work: .uncounted),
    ]
  }
}
