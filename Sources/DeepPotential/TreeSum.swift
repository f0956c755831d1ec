import Kernels

/// Sums `parts` in a fixed binary tree, in place: neighbors first, then neighbors' sums; nil if
/// there are none.
///
/// The order depends on the number of parts alone, never on which thread finished first.
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
