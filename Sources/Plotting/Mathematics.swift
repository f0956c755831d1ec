#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The logarithm of base ten.
func logarithm(_ x: Double) -> Double { log10(x) }

/// `10ˣ`.
func exponential(_ x: Double) -> Double { pow(10, x) }

/// `10ⁿ`, the double nearest to it.
func power(_ n: Int) -> Double { pow(10, Double(n)) }

/// The largest whole power of ten at or below `x > 0`, exact also at powers of ten.
func floorLog10(_ x: Double) -> Double {
  var n = log10(x).rounded(.down)
  if pow(10, n + 1) <= x { n += 1 }
  if pow(10, n) > x { n -= 1 }
  return n
}
