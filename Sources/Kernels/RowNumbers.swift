/// The four numbers of an environment row, or of its adjoint or tangent, under the names of the
/// formulas.
///
/// `r0` is the radial number, `r1` to `r3` are the angular ones along x, y and z, which `SIMD4` has
/// at the places `y`, `z` and `w`.
/// Source: docs/MATH.md, "Environment matrix".
extension SIMD4 {
  /// The radial number, `s`.
  @inlinable @inline(__always)
  public var r0: Scalar {
    get { x }
    set { x = newValue }
  }

  /// The angular number along x, `q d_x`.
  @inlinable @inline(__always)
  public var r1: Scalar { y }

  /// The angular number along y, `q d_y`.
  @inlinable @inline(__always)
  public var r2: Scalar { z }

  /// The angular number along z, `q d_z`.
  @inlinable @inline(__always)
  public var r3: Scalar { w }
}
