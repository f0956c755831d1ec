/// `z s(z)` with the logistic function s, its slope and its curvature, of float64 numbers below
/// 708.
///
/// With `e = exp(-z)`, `s` is `1 / (1 + e)` and `c = 1 - s` is `e s`: no difference of nearly equal
/// numbers.  The slope is `s + z s c`, the curvature `s c (2 + z (c - s))`.  NaN passes through;
/// below -708 all are 0.
@inline(__always)
func sigmoidLinear(
  _ z: Double.WideVector
) -> (value: Double.WideVector, slope: Double.WideVector, curvature: Double.WideVector) {
  typealias V = Double.WideVector
  let isBeyond = z .< V(repeating: -708), x = z.replacing(with: -708, where: isBeyond)
  let (power, p) = exponentialParts(x, times: -1)
  let e = power.addingProduct(p, power)
  let s = (1 / (1 + e)).replacing(with: 0, where: isBeyond), c = e * s, sc = s * c
  return (x * s, s.addingProduct(x, sc), sc * V(repeating: 2).addingProduct(x, c - s))
}

/// The same of float32 numbers, with 87 in place of 708.
@inline(__always)
func sigmoidLinear(
  _ z: Float.WideVector
) -> (value: Float.WideVector, slope: Float.WideVector, curvature: Float.WideVector) {
  typealias V = Float.WideVector
  let isBeyond = z .< V(repeating: -87), x = z.replacing(with: -87, where: isBeyond)
  let (power, p) = exponentialParts(x, times: -1)
  let e = power.addingProduct(p, power)
  let s = (1 / (1 + e)).replacing(with: 0, where: isBeyond), c = e * s, sc = s * c
  return (x * s, s.addingProduct(x, sc), sc * V(repeating: 2).addingProduct(x, c - s))
}
