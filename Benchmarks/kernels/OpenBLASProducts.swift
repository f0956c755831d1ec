import COpenBLAS
import Foundation
import Kernels

/// Times OpenBLAS on one thread with the kernels that it chooses, or is told to by
/// `OPENBLAS_CORETYPE`.
func timeOpenBLAS(_ shapes: [ProductShape]) -> OpenBLASTimes {
  openblas_set_num_threads(1)
  return OpenBLASTimes(
    core: openblas_get_corename().map { String(cString: $0) } ?? "unknown",
    float64: shapes.map { shape in time(shape, cblas_dgemm) },
    float32: shapes.map { shape in time(shape, cblas_sgemm) })
}

/// The same in a process of its own, told to use the kernels of `core`: OpenBLAS reads the variable
/// when it is loaded.
func timeOpenBLAS(core: String?) throws -> OpenBLASTimes {
  let process = Process(), pipe = Pipe()
  process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
  process.arguments = ["--openblas-only"]
  process.environment = ProcessInfo.processInfo.environment
  process.environment?["OPENBLAS_CORETYPE"] = core
  process.standardOutput = pipe
  try process.run()
  let data = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return try JSONDecoder().decode(OpenBLASTimes.self, from: data)
}

/// What a process of one choice of kernels measured: seconds of a call, in the order of the shapes.
struct OpenBLASTimes: Codable {
  let core: String, float64: [Double], float32: [Double]
}

private typealias Product<Scalar> = (
  CBLAS_ORDER, CBLAS_TRANSPOSE, CBLAS_TRANSPOSE, Int32, Int32, Int32, Scalar,
  UnsafePointer<Scalar>?, Int32, UnsafePointer<Scalar>?, Int32, Scalar,
  UnsafeMutablePointer<Scalar>?, Int32
) -> Void

private func time<Scalar: NetworkScalar>(
  _ shape: ProductShape, _ product: Product<Scalar>
) -> Double {
  let most = max(2 * shape.rows, shape.outputs) * shape.inputs
  let (a, b) = (filled(most, of: Scalar.self), filled(most, of: Scalar.self))
  let c = filled(most, of: Scalar.self)
  let (m, n, k) = (Int32(shape.rows), Int32(shape.outputs), Int32(shape.inputs))
  return withExtendedLifetime((a, b, c)) {
    secondsPerCall {
      switch shape.kind {
      case .forward:
        product(
          CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1, a.base, k, b.base, n, 0, c.base, n)
      case .pullBack:
        product(
          CblasRowMajor, CblasNoTrans, CblasTrans, m, k, n, 1, a.base, n, b.base, n, 0, c.base, k)
      case .gradient:
        product(
          CblasRowMajor, CblasTrans, CblasNoTrans, k, n, 2 * m, 1, a.base, k, b.base, n, 1, c.base,
          n)
      }
    }
  }
}
