import Kernels

/// The two sweeps of a descriptor over one frame, through the fitting nets and back.
///
/// Pairs are those of the frame's `NeighborSlots`; rows are the fitting nets', in their precision
/// and memory.  How a descriptor cuts the frame into pieces of work is its own affair: one whose
/// atoms do not depend on each other's rows takes some atoms through all passes of a sweep while
/// their numbers are in the caches.
protocol DescriptorSweeps<Row>: AnyObject {
  associatedtype Row: NetworkScalar
  /// Turns to new parameters, for frames whose pairs are no closer than `closest` Å; the shape
  /// stays.
  ///
  /// False if these sweeps cannot evaluate that descriptor.
  func prepare(_ descriptor: Descriptor, parameters: ParameterPointers, closest: Double) -> Bool
  /// Turns to a frame with atoms of `types` and neighbors in `slots`.
  func begin(_ slots: NeighborSlots, types: [Int], forTraining: Bool)
  /// Sweep 1: rows of all atoms, the fitting nets' passes over them, and `dE/dd` of all pairs.
  func forwardBackward(through fitting: FittingSweeps<Row>, into pairsBar: Buffer<SIMD3<Double>>)
  /// Sweep 2 along the pairs' `dDot`, after sweep 1 for training: adds the parameters' gradient,
  /// the fitting nets' left to them.
  func tangentBackwardTangent(
    through fitting: FittingSweeps<Row>, along pairsDot: Buffer<SIMD3<Double>>,
    addingTo gradient: GradientPointers)
}

extension SeE2A {
  /// Memory for the passes of this descriptor on `threads` threads: by tables of the embedding
  /// nets, or directly.
  func makeSweeps<Row: NetworkScalar>(
    _ row: Row.Type, tabulated: Bool, threads: Int
  ) -> any DescriptorSweeps<Row> {
    switch (options.precision, tabulated) {
    case (.float64, true): SeE2ATableSweeps<Double, Row>(self, threads: threads)
    case (.float32, true): SeE2ATableSweeps<Float, Row>(self, threads: threads)
    case (.float64, false): SeE2ASweeps<Double, Row>(self, threads: threads)
    case (.float32, false): SeE2ASweeps<Float, Row>(self, threads: threads)
    }
  }
}
