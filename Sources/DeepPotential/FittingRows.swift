import Kernels

/// The rows of some atoms of one type in the fitting net's memory: where the descriptor writes what
/// it finds, and reads what comes back.
struct FittingRows<Scalar: NetworkScalar>: @unchecked Sendable {
  // Unchecked: tiles do not overlap, and each is worked on by one thread.
  let type: Int
  /// Indices of the atoms into the frame.
  let atoms: [Int]
  /// Their rows of the tapes.
  let range: Range<Int>
  let tape: NetworkTape<Scalar>
  /// The same at a descriptor of zero, where the energy of isolated atoms is given.
  let vacuum: NetworkTape<Scalar>?
  /// Numbers in a row.
  let stride: Int

  /// `D`, and `DDot`, of atom `k` of these.
  func input(_ k: Int) -> UnsafeMutablePointer<Scalar> { row(tape.input, k) }
  func inputTangent(_ k: Int) -> UnsafeMutablePointer<Scalar> { row(tape.inputTangent, k) }
  /// `DBar`, and `DBarDot`.
  func inputAdjoint(_ k: Int) -> UnsafePointer<Scalar> { UnsafePointer(row(tape.inputAdjoint, k)) }
  func inputAdjointTangent(_ k: Int) -> UnsafePointer<Scalar> {
    UnsafePointer(row(tape.inputAdjointTangent, k))
  }

  private func row(
    _ base: UnsafeMutablePointer<Scalar>, _ k: Int
  ) -> UnsafeMutablePointer<Scalar> {
    base + (range.lowerBound + k) * stride
  }
}
