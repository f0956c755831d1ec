/// `z s(z)` with the logistic function s, its slope and its curvature, of float64 numbers.
///
/// With `e = exp(-z)`, `s` is `1 / (1 + e)` and `c = 1 - s` is `e s`: no difference of nearly equal
/// numbers.  The slope is `s + z s c`, the curvature `s c (2 + z (c - s))`.  NaN passes through;
/// below -708 all are 0, and above 708 the value is z and the derivatives are those at 708.
@inline(__always)
func sigmoidLinear(
  _ z: Double.WideVector
) -> (value: Double.WideVector, slope: Double.WideVector, curvature: Double.WideVector) {
  typealias V = Double.WideVector
  let isBeyond = z .< V(repeating: -708), y = z.replacing(with: -708, where: isBeyond)
  let x = y.replacing(with: 708, where: y .> V(repeating: 708))
  let (power, p) = exponentialParts(-x)
  let e = power.addingProduct(p, power)
  let s = (1 / (1 + e)).replacing(with: 0, where: isBeyond), c = e * s, sc = s * c
  return (y * s, s.addingProduct(x, sc), sc * V(repeating: 2).addingProduct(x, c - s))
}

/// The same of float32 numbers, with 87 in place of 708.
@inline(__always)
func sigmoidLinear(
  _ z: Float.WideVector
) -> (value: Float.WideVector, slope: Float.WideVector, curvature: Float.WideVector) {
  typealias V = Float.WideVector
  let isBeyond = z .< V(repeating: -87), y = z.replacing(with: -87, where: isBeyond)
  let x = y.replacing(with: 87, where: y .> V(repeating: 87))
  let (power, p) = exponentialParts(-x)
  let e = power.addingProduct(p, power)
  let s = (1 / (1 + e)).replacing(with: 0, where: isBeyond), c = e * s, sc = s * c
  return (y * s, s.addingProduct(x, sc), sc * V(repeating: 2).addingProduct(x, c - s))
}

/// Replaces each vector of `z` by the value of `jet`, and writes its slope, and its curvature if it
/// is given; the last vector may be partly filled.
@inline(__always)
func sigmoidLinear<V: SIMD>(
  _ z: UnsafeMutablePointer<V.Scalar>, slope: UnsafeMutablePointer<V.Scalar>,
  curvature: UnsafeMutablePointer<V.Scalar>?, count: Int,
  _ jet: (V) -> (value: V, slope: V, curvature: V)
) where V.Scalar: BinaryFloatingPoint {
  let width = V.scalarCount
  var i = 0
  while i + width <= count {
    let jet = jet(get(z + i))
    put(jet.value, z + i)
    put(jet.slope, slope + i)
    if let curvature { put(jet.curvature, curvature + i) }
    i += width
  }
  guard i < count else { return }
  var rest = V.zero
  for k in i..<count { rest[k - i] = z[k] }
  let last = jet(rest)
  for k in i..<count {
    z[k] = last.value[k - i]
    slope[k] = last.slope[k - i]
    curvature?[k] = last.curvature[k - i]
  }
}
