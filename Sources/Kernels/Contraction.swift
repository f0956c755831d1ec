/// The products of one neighbor's row `R` (4 numbers) and embedding `G` (`width` numbers) with an
/// atom's matrix `T` `[4][width]`, rows `stride` apart.  Source: docs/MATH.md, "Descriptor
/// se_e2_a".

/// `T += R ⊗ G`.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
public func addOuterProduct<Scalar: NetworkScalar>(
  _ row: SIMD4<Scalar>, _ g: UnsafePointer<Scalar>, to t: UnsafeMutablePointer<Scalar>, width: Int,
  stride: Int
) {
  let t1 = t + stride, t2 = t1 + stride, t3 = t2 + stride
  for m in 0..<width {
    t[m] += row.r0 * g[m]
    t1[m] += row.r1 * g[m]
    t2[m] += row.r2 * g[m]
    t3[m] += row.r3 * g[m]
  }
}

/// `gBar = Σ_c R_c T_c`.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
public func combineColumns<Scalar: NetworkScalar>(
  of t: UnsafePointer<Scalar>, by row: SIMD4<Scalar>, into gBar: UnsafeMutablePointer<Scalar>,
  width: Int, stride: Int
) {
  let t1 = t + stride, t2 = t1 + stride, t3 = t2 + stride
  for m in 0..<width {
    gBar[m] = (row.r0 * t[m] + row.r1 * t1[m]) + (row.r2 * t2[m] + row.r3 * t3[m])
  }
}

/// `RBar_c = T_c · G`.
///
/// It is inlined, because otherwise the types of its vectors are looked up in each call.
@inlinable
public func project<Scalar: NetworkScalar>(
  _ g: UnsafePointer<Scalar>, on t: UnsafePointer<Scalar>, width: Int, stride: Int
) -> SIMD4<Scalar> {
  SIMD4(
    innerProduct(t, g, count: width), innerProduct(t + stride, g, count: width),
    innerProduct(t + 2 * stride, g, count: width), innerProduct(t + 3 * stride, g, count: width))
}

/// `a · b`, in eight partial sums: an order that the compiler may turn into vector instructions.
@inlinable
@inline(__always)
func innerProduct<Scalar: NetworkScalar>(
  _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, count: Int
) -> Scalar {
  typealias V = SIMD8<Scalar>
  let a = UnsafeRawPointer(a), b = UnsafeRawPointer(b)
  let stride = MemoryLayout<Scalar>.stride
  var sums = V.zero, i = 0
  while i + 8 <= count {
    sums +=
      a.loadUnaligned(fromByteOffset: i * stride, as: V.self)
      * b.loadUnaligned(fromByteOffset: i * stride, as: V.self)
    i += 8
  }
  let pairs = sums.evenHalf + sums.oddHalf
  let quads = pairs.evenHalf + pairs.oddHalf
  var total = quads.x + quads.y
  while i < count {
    total +=
      a.load(fromByteOffset: i * stride, as: Scalar.self)
      * b.load(fromByteOffset: i * stride, as: Scalar.self)
    i += 1
  }
  return total
}
