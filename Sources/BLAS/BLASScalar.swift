import COpenBLAS

/// A number format that OpenBLAS computes with.
public protocol BLASScalar: BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
  /// `C = beta C + op(A) op(B)` for row-major matrices; `op(A)` is `rows × inner`, `op(B)` is `inner × columns`.
  ///
  /// Strides are the distances between rows in memory.
  static func gemm(
    transposeA: Bool, transposeB: Bool, rows: Int, columns: Int, inner: Int,
    _ a: UnsafePointer<Self>, strideA: Int, _ b: UnsafePointer<Self>, strideB: Int,
    beta: Self, _ c: UnsafeMutablePointer<Self>, strideC: Int)
}

/// OpenBLAS on the caller's thread alone: our own threads split the work, in an order that never changes.
private let useOneThread: Void = openblas_set_num_threads(1)

extension Double: BLASScalar {
  /// `C = beta C + op(A) op(B)`.
  public static func gemm(
    transposeA: Bool, transposeB: Bool, rows: Int, columns: Int, inner: Int,
    _ a: UnsafePointer<Double>, strideA: Int, _ b: UnsafePointer<Double>, strideB: Int,
    beta: Double, _ c: UnsafeMutablePointer<Double>, strideC: Int
  ) {
    _ = useOneThread
    cblas_dgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
      Int32(rows), Int32(columns), Int32(inner), 1, a, Int32(strideA), b, Int32(strideB), beta, c,
      Int32(strideC))
  }
}

extension Float: BLASScalar {
  /// `C = beta C + op(A) op(B)`.
  public static func gemm(
    transposeA: Bool, transposeB: Bool, rows: Int, columns: Int, inner: Int,
    _ a: UnsafePointer<Float>, strideA: Int, _ b: UnsafePointer<Float>, strideB: Int,
    beta: Float, _ c: UnsafeMutablePointer<Float>, strideC: Int
  ) {
    _ = useOneThread
    cblas_sgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
      Int32(rows), Int32(columns), Int32(inner), 1, a, Int32(strideA), b, Int32(strideB), beta, c,
      Int32(strideC))
  }
}
