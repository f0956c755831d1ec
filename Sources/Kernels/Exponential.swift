/// `eʸ = power (1 + fraction)` of a vector of float64 numbers `y = sign x` between -708 and 709:
/// `power = 2ᵏ`, `fraction = eʳ - 1`.
///
/// `y = k ln 2 + r` with `|r| <= ln 2 / 2`, and `eʳ - 1` by its Taylor polynomial of degree 13
/// (remainder 4e-18), whose terms are added by pairs (Estrin's scheme): so that a CPU, which has
/// several multiply-adds under way at once, need not wait for each.
@inline(__always)
func exponentialParts(
  _ x: Double.WideVector, times sign: Double = 1
) -> (power: Double.WideVector, fraction: Double.WideVector) {
  typealias V = Double.WideVector
  typealias Bits = Double.WideBits
  let shifter = V(repeating: 0x1.8p52)  // adding it rounds to a whole number, kept in the low bits
  let shifted = shifter.addingProduct(x, V(repeating: sign * 1.4426950408889634))
  let k = shifted - shifter
  var s = x.addingProduct(k, V(repeating: -sign * 6.93147180369123816490e-01))  // ln 2, upper bits
  s.addProduct(k, V(repeating: -sign * 1.90821492927058770002e-10))  // ln 2, lower bits
  let r = sign * s
  /// `1/n! + r/(n + 1)!`.
  @inline(__always)
  func terms(_ first: Double, _ second: Double) -> V {
    V(repeating: 1 / first).addingProduct(V(repeating: sign / second), s)
  }
  let r2 = s * s, r4 = r2 * r2
  let a = terms(2, 6).addingProduct(terms(24, 120), r2)
  let b = terms(720, 5_040).addingProduct(terms(40_320, 362_880), r2)
  let c = terms(3_628_800, 39_916_800).addingProduct(terms(479_001_600, 6_227_020_800), r2)
  let p = r.addingProduct(a.addingProduct(b.addingProduct(c, r4), r4), r2)
  let power = unsafeBitCast(
    (unsafeBitCast(shifted, to: Bits.self) &<< 52) &+ Bits(repeating: 1023 << 52), to: V.self)
  return (power, p)
}

/// The same of float32 numbers between -87 and 88, with degree 7.
@inline(__always)
func exponentialParts(
  _ x: Float.WideVector, times sign: Float = 1
) -> (power: Float.WideVector, fraction: Float.WideVector) {
  typealias V = Float.WideVector
  typealias Bits = Float.WideBits
  let shifter = V(repeating: 0x1.8p23)
  let shifted = shifter.addingProduct(x, V(repeating: sign * 1.44269504))
  let k = shifted - shifter
  var s = x.addingProduct(k, V(repeating: -sign * 0.693359375))
  s.addProduct(k, V(repeating: sign * 2.12194440e-4))
  let r = sign * s
  /// `1/n! + r/(n + 1)!`.
  @inline(__always)
  func terms(_ first: Float, _ second: Float) -> V {
    V(repeating: 1 / first).addingProduct(V(repeating: sign / second), s)
  }
  let r2 = s * s
  let q = terms(2, 6).addingProduct(terms(24, 120).addingProduct(terms(720, 5_040), r2), r2)
  let p = r.addingProduct(q, r2)
  let power = unsafeBitCast(
    (unsafeBitCast(shifted, to: Bits.self) &<< 23) &+ Bits(repeating: 127 << 23), to: V.self)
  return (power, p)
}

/// `eˣ` of a vector of float64 numbers `x <= 0`, within two units in the last place.
///
/// Below -708, where `eˣ` is close to the smallest normal number, the result is 0.
@inline(__always)
func exponentialOfNegative(_ x: Double.WideVector) -> Double.WideVector {
  let (power, fraction) = exponentialParts(x.replacing(with: -708, where: x .< -708))
  return power.addingProduct(fraction, power).replacing(with: 0, where: x .< -708)
}

/// The same of float32 numbers, with 0 below -87.
@inline(__always)
func exponentialOfNegative(_ x: Float.WideVector) -> Float.WideVector {
  let (power, fraction) = exponentialParts(x.replacing(with: -87, where: x .< -87))
  return power.addingProduct(fraction, power).replacing(with: 0, where: x .< -87)
}
