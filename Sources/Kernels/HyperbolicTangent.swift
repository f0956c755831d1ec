/// `tanh x` of a vector of float64 numbers, within a few units in the last place.
///
/// With `e = exp(2|x|) - 1` the value is `e / (e + 2)`, accurate also near 0 because `e` is.
/// Beyond 22 the value is 1 to the last bit, so that `2|x|` is held below 44.
@inline(__always)
func hyperbolicTangent(_ x: Double.WideVector) -> Double.WideVector {
  typealias V = Double.WideVector
  typealias Bits = Double.WideBits
  let bits = unsafeBitCast(x, to: Bits.self), sign = Bits(repeating: 1 << 63)
  var y = 2 * unsafeBitCast(bits & ~sign, to: V.self)
  y.replace(with: 44, where: y .> 44)  // false for NaN, which passes through
  let (power, p) = exponentialParts(y)
  let e = (power - 1).addingProduct(p, power)
  return unsafeBitCast(unsafeBitCast(e / (e + 2), to: Bits.self) | (bits & sign), to: V.self)
}

/// `tanh x` of float32 numbers, within a few units in the last place; as above.
@inline(__always)
func hyperbolicTangent(_ x: Float.WideVector) -> Float.WideVector {
  typealias V = Float.WideVector
  typealias Bits = Float.WideBits
  let bits = unsafeBitCast(x, to: Bits.self), sign = Bits(repeating: 1 << 31)
  var y = 2 * unsafeBitCast(bits & ~sign, to: V.self)
  y.replace(with: 20, where: y .> 20)
  let (power, p) = exponentialParts(y)
  let e = (power - 1).addingProduct(p, power)
  return unsafeBitCast(unsafeBitCast(e / (e + 2), to: Bits.self) | (bits & sign), to: V.self)
}
