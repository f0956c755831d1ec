import Kernels

/// The two sweeps of a descriptor over one frame, which call the passes of the fitting nets.
///
/// The pairs are in the frame's `NeighborSlots`; the rows are in the memory of the fitting nets and
/// have their precision.  Each descriptor decides how it cuts the frame into pieces of work.  If no
/// atom needs the row of another atom, a tile of atoms goes through all passes of a sweep while its
/// numbers are in the caches.
protocol DescriptorSweeps<Row>: AnyObject {
  associatedtype Row: NetworkScalar
  /// Takes new parameters of a descriptor of the same shape, for frames without pairs closer than
  /// `closest` Å.
  ///
  /// Gives false if these sweeps cannot evaluate the descriptor.
  func prepare(_ descriptor: Descriptor, parameters: ParameterPointers, closest: Double) -> Bool
  /// Takes a frame with atoms of `types` and neighbors in `slots`.
  func begin(_ slots: NeighborSlots, types: [Int], forTraining: Bool)
  /// Runs sweep 1: computes the rows of all atoms, runs the fitting nets on them, and computes
  /// `dE/dd` of all pairs.
  func forwardBackward(through fitting: FittingSweeps<Row>, into pairsBar: Buffer<SIMD3<Double>>)
  /// Runs sweep 2 along the pairs' `dDot`, after sweep 1 for training, and adds the gradient of the
  /// descriptor's parameters; `FittingSweeps.addGradient` adds that of the fitting nets.
  func tangentBackwardTangent(
    through fitting: FittingSweeps<Row>, along pairsDot: Buffer<SIMD3<Double>>,
    addingTo gradient: GradientPointers)
}

extension SeE2A {
  /// Makes sweeps of this descriptor on `threads` threads, with tables of the embedding nets if
  /// `tabulated`; without tables, embeddings of up to `mostKept` bytes are kept for sweep 2.
  func makeSweeps<Row: NetworkScalar>(
    _ row: Row.Type, tabulated: Bool, threads: Int, mostKept: Int
  ) -> any DescriptorSweeps<Row> {
    switch (options.precision, tabulated) {
    case (.float64, true): SeE2ATableSweeps<Double, Row>(self, threads: threads)
    case (.float32, true): SeE2ATableSweeps<Float, Row>(self, threads: threads)
    case (.float64, false): SeE2ASweeps<Double, Row>(self, threads: threads, mostKept: mostKept)
    case (.float32, false): SeE2ASweeps<Float, Row>(self, threads: threads, mostKept: mostKept)
    }
  }
}
