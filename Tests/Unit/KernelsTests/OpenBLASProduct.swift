import COpenBLAS
import Kernels

/// The twin of our matrix products: OpenBLAS.
protocol OpenBLASScalar: NetworkScalar {
  /// `C = beta C + op(A) B` for row-major matrices; strides are the distances between rows in
  /// memory.
  static func gemm(
    transposeA: Bool, rows: Int, columns: Int, inner: Int, _ a: [Self], strideA: Int, _ b: [Self],
    beta: Self, _ c: inout [Self])
}

extension Double: OpenBLASScalar {
  static func gemm(
    transposeA: Bool, rows: Int, columns: Int, inner: Int, _ a: [Double], strideA: Int,
    _ b: [Double], beta: Double, _ c: inout [Double]
  ) {
    cblas_dgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, CblasNoTrans, Int32(rows),
      Int32(columns), Int32(inner), 1, a, Int32(strideA), b, Int32(columns), beta, &c,
      Int32(columns))
  }
}

extension Float: OpenBLASScalar {
  static func gemm(
    transposeA: Bool, rows: Int, columns: Int, inner: Int, _ a: [Float], strideA: Int,
    _ b: [Float], beta: Float, _ c: inout [Float]
  ) {
    cblas_sgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, CblasNoTrans, Int32(rows),
      Int32(columns), Int32(inner), 1, a, Int32(strideA), b, Int32(columns), beta, &c,
      Int32(columns))
  }
}
