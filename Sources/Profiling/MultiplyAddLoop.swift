import CMachine

/// Floating-point operations of one run of a loop of independent multiply-adds in registers; some microseconds.
func operationsOfFloat64Loop() -> Double {
  cmachine_has_avx512() ? operations(multiplyAdd8) : operations(multiplyAdd4)
}

/// The same in float32.
func operationsOfFloat32Loop() -> Double {
  cmachine_has_avx512() ? operations(multiplyAdd16f) : operations(multiplyAdd8f)
}

// Functions of their own that give whole vectors: else the compiler keeps only the lanes that are looked at.
@inline(never) private func multiplyAdd8() -> SIMD8<Double> { multiplyAdd() }
@inline(never) private func multiplyAdd4() -> SIMD4<Double> { multiplyAdd() }
@inline(never) private func multiplyAdd16f() -> SIMD16<Float> { multiplyAdd() }
@inline(never) private func multiplyAdd8f() -> SIMD8<Float> { multiplyAdd() }

private let rounds = 20_000, chains = 12

@inline(__always)
private func operations<V: SIMD>(_ loop: () -> V) -> Double where V.Scalar: BinaryFloatingPoint {
  let result = loop()
  // The result is used, so that the loop stays: it is never negative.
  return result[0] < 0 ? 0 : Double(rounds * chains * 2 * V.scalarCount)
}

/// Twelve chains: more than two pipelines of four or five cycles need, no more than there are registers for.
@inline(__always)
private func multiplyAdd<V: SIMD>() -> V where V.Scalar: BinaryFloatingPoint {
  let x = V(repeating: 0.999_999), y = V(repeating: 1e-9), one = V(repeating: 1)
  var (a, b, c, d) = (one, one, one, one)
  var (e, f, g, h) = (one, one, one, one)
  var (i, j, k, l) = (one, one, one, one)
  for _ in 0..<rounds {
    a = y.addingProduct(a, x)
    b = y.addingProduct(b, x)
    c = y.addingProduct(c, x)
    d = y.addingProduct(d, x)
    e = y.addingProduct(e, x)
    f = y.addingProduct(f, x)
    g = y.addingProduct(g, x)
    h = y.addingProduct(h, x)
    i = y.addingProduct(i, x)
    j = y.addingProduct(j, x)
    k = y.addingProduct(k, x)
    l = y.addingProduct(l, x)
  }
  return (a + b + c + d) + (e + f + g + h) + (i + j + k + l)
}
