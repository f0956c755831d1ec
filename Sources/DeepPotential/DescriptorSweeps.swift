import Kernels

/// The rows of a frame's atoms in the fitting nets' memory; nil for atoms that have no energy.
struct AtomRows<Row>: @unchecked Sendable {
  // Unchecked: rows do not overlap, and each is written by one thread.
  let pointers: [UnsafeMutablePointer<Row>?]
}

/// The passes of a descriptor over one frame, with what they hand to each other.
///
/// Pairs are those of the frame's `NeighborSlots`; rows are `[outputs]`, one per atom, in the fitting nets' precision
/// and memory.  How a descriptor cuts the frame into pieces of work is its own affair.
protocol DescriptorSweeps<Row>: AnyObject {
  associatedtype Row: NetworkScalar
  /// Turns to new parameters, for frames whose pairs are no closer than `closest` Å; the shape stays.
  ///
  /// False if these sweeps cannot evaluate that descriptor.
  func prepare(_ descriptor: Descriptor, parameters: ParameterPointers, closest: Double) -> Bool
  /// Turns to a frame with atoms of `types` and neighbors in `slots`.
  func begin(_ slots: NeighborSlots, types: [Int])
  /// Descriptor rows of all atoms.
  func forward(into rows: AtomRows<Row>)
  /// `dE/dd` of all pairs from the rows' adjoints.
  func backward(_ rowsBar: AtomRows<Row>, into pairsBar: Buffer<SIMD3<Double>>)
  /// Tangents of the rows along the pairs' `dDot`.
  func tangent(along pairsDot: Buffer<SIMD3<Double>>, into rowsDot: AtomRows<Row>)
  /// Adds the parameters' gradient, from the rows' adjoints and their tangents; needs the other three before it.
  func backwardTangent(
    _ rowsBar: AtomRows<Row>, _ rowsBarDot: AtomRows<Row>, along pairsDot: Buffer<SIMD3<Double>>,
    addingTo gradient: GradientPointers)
}

extension Descriptor {
  /// Memory for the passes of this descriptor on `threads` threads: by tables of the embedding nets, or directly.
  func makeSweeps<Row: NetworkScalar>(
    _ row: Row.Type, tabulated: Bool, threads: Int
  ) -> any DescriptorSweeps<Row> {
    switch self {
    case .seE2A(let descriptor):
      switch (descriptor.options.precision, tabulated) {
      case (.float64, true): SeE2ATableSweeps<Double, Row>(descriptor, threads: threads)
      case (.float32, true): SeE2ATableSweeps<Float, Row>(descriptor, threads: threads)
      case (.float64, false): SeE2ASweeps<Double, Row>(descriptor, threads: threads)
      case (.float32, false): SeE2ASweeps<Float, Row>(descriptor, threads: threads)
      }
    }
  }
}
