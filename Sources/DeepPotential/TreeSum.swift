import Kernels

/// Sums `parts` of `count` numbers in a fixed binary tree and gives the sum, which replaces the
/// first part; nil if there are no parts.
///
/// Adjacent parts are added first, then adjacent sums.  The order depends on the number of parts
/// alone, not on the order in which threads finish.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
func sumInTree<Scalar: NetworkScalar>(
  _ parts: [UnsafeMutablePointer<Scalar>], count: Int
) -> UnsafeMutablePointer<Scalar>? {
  var distance = 1
  while distance < parts.count {
    for k in stride(from: 0, to: parts.count - distance, by: 2 * distance) {
      let to = parts[k], from = parts[k + distance]
      for i in 0..<count { to[i] += from[i] }
    }
    distance *= 2
  }
  return parts.first
}
