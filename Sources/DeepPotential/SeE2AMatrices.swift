import Kernels

/// The matrices of each atom that the passes of `se_e2_a` share, and the steps between them and the
/// descriptor `D = Tᵀ T_<`.
///
/// The matrices are `T`, its adjoint, and the tangents of both, `[4][stride]`.  A row of `T` is
/// padded with zeros to a multiple of the vector length.
final class SeE2AMatrices<Scalar: NetworkScalar, Row: NetworkScalar>: @unchecked Sendable {
  // Unchecked: threads work on different atoms.
  let width: Int, axis: Int, stride: Int
  private let values = Buffer<Scalar>(), adjoints = Buffer<Scalar>(), tangents = Buffer<Scalar>()
  private let adjointTangents = Buffer<Scalar>()

  init(_ descriptor: SeE2A) {
    width = descriptor.width
    axis = descriptor.options.axisWidth
    stride = paddedWidth(width, of: Scalar.self)
  }

  /// Makes room for `count` atoms.
  func reserve(_ count: Int) {
    for buffer in [values, adjoints, tangents, adjointTangents] { buffer.reserve(count * size) }
  }

  /// Number of elements in the matrix of one atom.
  var size: Int { 4 * stride }

  /// `T`, `TBar`, `TDot` and `TBarDot` of an atom.
  func t(_ atom: Int) -> UnsafeMutablePointer<Scalar> { values.row(atom, size) }
  func tBar(_ atom: Int) -> UnsafeMutablePointer<Scalar> { adjoints.row(atom, size) }
  func tDot(_ atom: Int) -> UnsafeMutablePointer<Scalar> { tangents.row(atom, size) }
  func tBarDot(_ atom: Int) -> UnsafeMutablePointer<Scalar> { adjointTangents.row(atom, size) }

  /// Sets a matrix to zero.
  func clear(_ matrix: UnsafeMutablePointer<Scalar>) {
    Kernels.clear(matrix, size)
  }

  /// Computes `D` from `T`.
  func square(_ atom: Int, into row: UnsafeMutablePointer<Row>) {
    withRow(row) { d in
      addSquare(t(atom), t(atom), to: d, width: width, axis: axis, stride: stride)
    }
  }

  /// Computes `DDot` from `T` and `TDot`.
  func squareTangent(_ atom: Int, into row: UnsafeMutablePointer<Row>) {
    let t = t(atom), tDot = tDot(atom)
    withRow(row) { d in
      addSquare(tDot, t, to: d, width: width, axis: axis, stride: stride)
      addSquare(t, tDot, to: d, width: width, axis: axis, stride: stride)
    }
  }

  /// Computes `TBar` from `DBar` and `T`.
  func squareBackward(_ atom: Int, _ rowBar: UnsafePointer<Row>) {
    clear(tBar(atom))
    addAdjoint(rowBar, t(atom), to: tBar(atom))
  }

  /// Computes `TBarDot` from `DBarDot`, `DBar`, `T` and `TDot`.
  func squareBackwardTangent(
    _ atom: Int, _ rowBar: UnsafePointer<Row>, _ rowBarDot: UnsafePointer<Row>
  ) {
    let tBarDot = tBarDot(atom)
    clear(tBarDot)
    addAdjoint(rowBarDot, t(atom), to: tBarDot)
    addAdjoint(rowBar, tDot(atom), to: tBarDot)
  }

  private func addAdjoint(
    _ rowBar: UnsafePointer<Row>, _ t: UnsafeMutablePointer<Scalar>,
    to tBar: UnsafeMutablePointer<Scalar>
  ) {
    if let dBar = inPlace(rowBar) {
      return addSquareAdjoint(dBar, t, to: tBar, width: width, axis: axis, stride: stride)
    }
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: width * axis) { copy in
      guard let dBar = copy.baseAddress else { return }
      convert(rowBar, to: dBar, count: width * axis)
      addSquareAdjoint(dBar, t, to: tBar, width: width, axis: axis, stride: stride)
    }
  }

  /// Calls `body` with a row of zeros in the descriptor's precision, then converts that row into
  /// `row`.
  private func withRow(
    _ row: UnsafeMutablePointer<Row>, _ body: (UnsafeMutablePointer<Scalar>) -> Void
  ) {
    if let d = inPlace(row) {
      let d = UnsafeMutablePointer(mutating: d)
      Kernels.clear(d, width * axis)
      return body(d)
    }
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: width * axis) { copy in
      guard let copy = copy.baseAddress else { return }
      copy.initialize(repeating: 0, count: width * axis)
      body(copy)
      convert(copy, to: row, count: width * axis)
    }
  }

  /// The row itself if both precisions are the same, else nil.
  private func inPlace(_ row: UnsafePointer<Row>) -> UnsafePointer<Scalar>? {
    Row.self == Scalar.self ? UnsafeRawPointer(row).assumingMemoryBound(to: Scalar.self) : nil
  }
}
