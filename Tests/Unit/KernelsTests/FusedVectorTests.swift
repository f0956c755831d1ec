import Kernels
import Random
import Testing

@Suite struct FusedVectorTests {
  @Test func `multiply-adds of vectors are those of their numbers, rounded once`() {
    check(SIMD4<Double>.self)
    check(SIMD8<Double>.self)
    check(SIMD16<Double>.self)
    check(SIMD4<Float>.self)
    check(SIMD8<Float>.self)
    check(SIMD16<Float>.self)
  }

  private func check<V: FusedVector>(_ vector: V.Type) {
    var random = CounterRandom(seed: 1, purpose: "fused"), differing = 0
    for _ in 0..<100 {
      let a = drawn(V.self, &random), b = drawn(V.self, &random)
      let c = -a * b + V(repeating: 1e-9)
      let sum = c.addingProduct(a, b)
      for k in 0..<V.scalarCount {
        #expect(sum[k] == c[k].addingProduct(a[k], b[k]))
        if sum[k] != a[k] * b[k] + c[k] { differing += 1 }
      }
    }
    #expect(differing > 100)  // else rounding twice would pass, too
  }

  private func drawn<V: FusedVector>(_ vector: V.Type, _ random: inout CounterRandom) -> V {
    var x = V.zero
    for k in 0..<V.scalarCount { x[k] = V.Scalar(random.normal()) }
    return x
  }
}
