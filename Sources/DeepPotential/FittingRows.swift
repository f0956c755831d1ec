import Kernels

/// The rows of some atoms of one type in the memory of a fitting net.
///
/// A descriptor writes inputs and their tangents here, and reads adjoints and their tangents.
struct FittingRows<Scalar: NetworkScalar>: @unchecked Sendable {
  // Unchecked: tiles do not overlap, and each is worked on by one thread.
  let type: Int
  /// Indices of the atoms into the frame.
  let atoms: [Int]
  /// The rows of these atoms on the tapes.
  let range: Range<Int>
  let tape: NetworkTape<Scalar>
  /// The tape at a descriptor of zero; nil unless the energy of isolated atoms is given.
  let vacuum: NetworkTape<Scalar>?
  /// Number of inputs in a row.
  let stride: Int

  /// `D` and `DDot` of number `k` of these atoms.
  func input(_ k: Int) -> UnsafeMutablePointer<Scalar> { row(tape.input, k) }
  func inputTangent(_ k: Int) -> UnsafeMutablePointer<Scalar> { row(tape.inputTangent, k) }
  /// `DBar` and `DBarDot` of number `k` of these atoms.
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
