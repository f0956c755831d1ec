import Communication
import DeepPotential
import Kernels

/// The layerwise Kalman filter: parameters in blocks, each with the covariance of its errors.
///
/// Source: docs/MATH.md, "Kalman filter"; Hu et al., "RLEKF: an optimizer for deep potential with
/// ab initio accuracy", arXiv:2212.06989; DeePMD-kit's `LKFOptimizer`.
package struct KalmanFilter {
  /// The places of the parameters in the filter's order: first those of float64 nets, then those of
  /// float32 nets.
  private let order: [Int]
  /// The number of parameters in each block.
  package let blockSizes: [Int]
  /// The ranks that share out the blocks, and the blocks of this rank.
  private let communicator: Communicator, ownBlocks: Range<Int>
  /// The layout of this rank's blocks, and their places in `order`.
  private let layout: CovarianceLayout, ownOrder: Range<Int>
  private var covariance: AnyCovariance
  /// The forgetting factor.
  package private(set) var forgetting = 0.98
  /// The number of updates so far.
  private(set) var updates = 0

  /// Makes a filter with unit covariances, whose blocks are shared out over the ranks.
  package init(
    _ options: KalmanOptions, for model: EnergyModel, on communicator: Communicator = .alone
  ) {
    let tensors = model.tensors.filter(\.isTrainable)
    order = tensors.flatMap { $0.columnMajorPlaces(float64Count: model.parameters.float64.count) }
    let sizes = kalmanBlocks(of: tensors.map(\.count), blockSize: options.blockSize)
    blockSizes = sizes
    self.communicator = communicator
    ownBlocks = Self.blocks(of: sizes, for: communicator.rank, of: communicator.size)
    layout = CovarianceLayout(sizes: Array(sizes[ownBlocks]))
    let start = sizes[..<ownBlocks.lowerBound].reduce(0, +)
    ownOrder = start..<start + sizes[ownBlocks].reduce(0, +)
    covariance = AnyCovariance(layout, options.precision)
  }

  /// The blocks of a rank: consecutive ones, so that each rank has about the same amount of
  /// covariances.
  private static func blocks(of sizes: [Int], for rank: Int, of count: Int) -> Range<Int> {
    var ends = [0.0]
    for size in sizes { ends.append(ends[ends.count - 1] + Double(size) * Double(size)) }
    func first(_ rank: Int) -> Int {
      // A block belongs to the rank in whose part the middle of the block lies.
      let bound = ends[sizes.count] * Double(rank) / Double(count)
      return sizes.indices.first { (ends[$0] + ends[$0 + 1]) / 2 >= bound } ?? sizes.count
    }
    return first(rank)..<(rank + 1 == count ? sizes.count : first(rank + 1))
  }

  /// Computes `K = P h`, `A = 1 / Σ (λ + hᵀ K)` over blocks, `θ += A e K`, `P = (P - A K Kᵀ) / λ`,
  /// and moves λ towards 1.
  package mutating func update(
    _ parameters: inout Parameters, gradient: Parameters, error: Double, threads: Int
  ) {
    let h = packed(gradient)
    let gain = covariance.product(h, threads: threads)
    let products = layout.blocks.map { block in
      block.places.reduce(0) { $0 + h[$1] * gain[$1] }
    }
    let sum = communicator.gather(products).joined().reduce(0.0) { $0 + forgetting + $1 }
    let gains = communicator.gather(layout.blocks.flatMap { gain[$0.places] }).joined()
    add(gains, times: error / sum, to: &parameters)
    covariance.subtract(1 / sum, square: gain, dividingBy: forgetting)
    forgetting = 0.9987 * forgetting + 1 - 0.9987
    updates += 1
  }

  /// The numbers of `gradient` in the order of this rank's blocks, with padding.
  private func packed(_ gradient: Parameters) -> [Double] {
    var vector = [Double](repeating: 0, count: layout.vectorCount)
    let float64Count = gradient.float64.count
    for (index, place) in zip(layout.blocks.lazy.flatMap(\.places), order[ownOrder]) {
      vector[index] =
        place < float64Count
        ? gradient.float64[place] : Double(gradient.float32[place - float64Count])
    }
    return vector
  }

  /// Adds a vector that is in the filter's order.
  private func add(
    _ vector: some Sequence<Double>, times factor: Double, to parameters: inout Parameters
  ) {
    let float64Count = parameters.float64.count
    for (number, place) in zip(vector, order) {
      if place < float64Count {
        parameters.float64[place] += factor * number
      } else {
        parameters.float32[place - float64Count] += Float(factor * number)
      }
    }
  }
}

extension KalmanFilter {
  /// The memory of the filter, named for checkpoints: whole on the first rank, without meaning on
  /// the others.
  var vectors: [String: Parameters] {
    var vectors = covariance.vectors(from: communicator)
    vectors["forgetting"] = Parameters(float64: [forgetting])
    return vectors
  }

  /// Continues from the memory of a filter with the same options; only the first rank needs it.
  mutating func restore(_ memory: OptimizerMemory) throws {
    let whole = CovarianceLayout(sizes: blockSizes), precision = covariance.precision
    let forgetting = memory.vectors["forgetting"]?.float64 ?? []
    if communicator.isFirst {
      guard forgetting.count == 1, AnyCovariance.isWhole(memory.vectors, whole, precision) else {
        throw memory.misfit("its matrices do not fit the parameters, kf_blocksize and kf_precision")
      }
    }
    self.forgetting = communicator.broadcast(forgetting)[0]
    let sizes = blockSizes, size = communicator.size
    covariance = AnyCovariance(
      layout, precision, memory.vectors, of: whole,
      blocks: { Self.blocks(of: sizes, for: $0, of: size) }, from: communicator)
    updates = memory.updates
  }
}

/// The sizes of blocks of at most `blockSize` numbers for tensors of `counts` numbers.
///
/// Blocks take tensors in order, as many as fit.  A tensor larger than a block is cut, and its
/// blocks hold no other tensor.
package func kalmanBlocks(of counts: [Int], blockSize: Int) -> [Int] {
  var groups: [Int] = []
  for count in counts {
    if let last = groups.last, last + count <= blockSize {
      groups[groups.count - 1] = last + count
    } else {
      groups.append(count)
    }
  }
  return groups.flatMap { group in
    stride(from: 0, to: group, by: blockSize).map { min(blockSize, group - $0) }
  }
}
