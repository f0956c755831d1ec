import CMachine

/// A vector whose multiply-adds are single operations; SIMD4, SIMD8 and SIMD16 of both formats are.
///
/// Its methods stand before those of Swift's `SIMD` with the same names, which multiply and add
/// number by number.
public protocol FusedVector: SIMD where Scalar: NetworkScalar {
  /// `self + a b`, rounded once.
  func addingProduct(_ a: Self, _ b: Self) -> Self
}

extension FusedVector {
  /// `self + a b`, rounded once.
  @inline(__always)
  func addingProduct(_ a: Scalar, _ b: Self) -> Self { addingProduct(Self(repeating: a), b) }

  /// Adds `a b`, rounded once.
  @inline(__always)
  mutating func addProduct(_ a: Self, _ b: Self) { self = addingProduct(a, b) }
}

extension SIMD4: FusedVector where Scalar: NetworkScalar {
  /// `self + a b`, rounded once.
  @inline(__always)
  public func addingProduct(_ a: Self, _ b: Self) -> Self { Scalar.fused(a, b, self) }
}

extension SIMD8: FusedVector where Scalar: NetworkScalar {
  /// `self + a b`, rounded once.
  @inline(__always)
  public func addingProduct(_ a: Self, _ b: Self) -> Self { Scalar.fused(a, b, self) }
}

extension SIMD16: FusedVector where Scalar: NetworkScalar {
  /// `self + a b`, rounded once.
  @inline(__always)
  public func addingProduct(_ a: Self, _ b: Self) -> Self { Scalar.fused(a, b, self) }
}

extension Double {
  /// `a b + c` in 4 places.
  @inline(__always)
  public static func fused(
    _ a: SIMD4<Double>, _ b: SIMD4<Double>, _ c: SIMD4<Double>
  ) -> SIMD4<Double> { cmachine_fused_double4(a, b, c) }
  /// `a b + c` in 8 places.
  @inline(__always)
  public static func fused(
    _ a: SIMD8<Double>, _ b: SIMD8<Double>, _ c: SIMD8<Double>
  ) -> SIMD8<Double> { cmachine_fused_double8(a, b, c) }
  /// `a b + c` in 16 places.
  @inline(__always)
  public static func fused(
    _ a: SIMD16<Double>, _ b: SIMD16<Double>, _ c: SIMD16<Double>
  ) -> SIMD16<Double> { cmachine_fused_double16(a, b, c) }
}

extension Float {
  /// `a b + c` in 4 places.
  @inline(__always)
  public static func fused(
    _ a: SIMD4<Float>, _ b: SIMD4<Float>, _ c: SIMD4<Float>
  ) -> SIMD4<Float> { cmachine_fused_float4(a, b, c) }
  /// `a b + c` in 8 places.
  @inline(__always)
  public static func fused(
    _ a: SIMD8<Float>, _ b: SIMD8<Float>, _ c: SIMD8<Float>
  ) -> SIMD8<Float> { cmachine_fused_float8(a, b, c) }
  /// `a b + c` in 16 places.
  @inline(__always)
  public static func fused(
    _ a: SIMD16<Float>, _ b: SIMD16<Float>, _ c: SIMD16<Float>
  ) -> SIMD16<Float> { cmachine_fused_float16(a, b, c) }
}
