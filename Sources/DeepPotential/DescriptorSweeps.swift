import Kernels

/// The four passes of a descriptor over one frame, with what they hand to each other.
///
/// Pairs are those of the frame's `NeighborSlots`; rows are one per atom, `[atoms][outputs]`, always float64.  How a
/// descriptor cuts the frame into pieces of work is its own affair.
protocol DescriptorSweeps: AnyObject {
  /// Turns to a frame with atoms of `types` and neighbors in `slots`; the descriptor has the shape it always had.
  func begin(
    _ descriptor: Descriptor, parameters: ParameterBuffers, slots: NeighborSlots, types: [Int])
  /// Descriptor rows of all atoms; zero for padding atoms.
  func forward(into rows: Buffer<Double>)
  /// `dE/dd` of all pairs from the rows' adjoints.
  func backward(_ rowsBar: Buffer<Double>, into pairsBar: Buffer<SIMD3<Double>>)
  /// Tangents of the rows along the pairs' `dDot`.
  func tangent(along pairsDot: Buffer<SIMD3<Double>>, into rowsDot: Buffer<Double>)
  /// Adds the parameters' gradient, from the tangents of the rows' adjoints; needs the other three before it.
  func backwardTangent(
    _ rowsBarDot: Buffer<Double>, along pairsDot: Buffer<SIMD3<Double>>,
    addingTo gradient: ParameterBuffers)
}

extension Descriptor {
  /// Memory for the passes of this descriptor on `threads` threads.
  func makeSweeps(threads: Int) -> any DescriptorSweeps {
    switch self {
    case .seE2A(let descriptor):
      switch descriptor.options.precision {
      case .float64: SeE2ASweeps<Double>(descriptor, threads: threads)
      case .float32: SeE2ASweeps<Float>(descriptor, threads: threads)
      }
    }
  }
}
