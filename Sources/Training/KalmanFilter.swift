import DeepPotential
import Kernels

/// The layerwise Kalman filter: parameters in blocks, each with the covariance of its errors.
///
/// Source: docs/MATH.md, "Kalman filter"; Hu et al., "RLEKF: an optimizer for deep potential with ab initio accuracy",
/// arXiv:2212.06989; DeePMD-kit's `LKFOptimizer`.
package struct KalmanFilter {
  /// The parameters in the filter's order, as places: those of float64 nets first, then those of float32 nets.
  private let order: [Int]
  private let layout: CovarianceLayout
  private var covariance: AnyCovariance
  /// The forgetting factor.
  package private(set) var forgetting = 0.98
  /// Updates so far.
  private(set) var updates = 0

  /// Parameters in each block.
  package var blockSizes: [Int] { layout.blocks.map(\.size) }

  /// A filter that has seen nothing.
  package init(_ options: KalmanOptions, for model: EnergyModel) {
    let tensors = model.trainableTensors
    order = tensors.flatMap { $0.columnMajorPlaces(float64Count: model.parameters.float64.count) }
    layout = CovarianceLayout(
      sizes: kalmanBlocks(of: tensors.map(\.count), blockSize: options.blockSize))
    covariance = AnyCovariance(layout, options.precision)
  }

  /// `K = P h`, `A = 1 / Σ (λ + hᵀ K)` over blocks, `θ += A e K`, `P = (P - A K Kᵀ) / λ`, and λ moves towards 1.
  package mutating func update(
    _ parameters: inout Parameters, gradient: Parameters, error: Double, threads: Int
  ) {
    let h = packed(gradient)
    let gain = covariance.product(h, threads: threads)
    let sum = layout.blocks.reduce(0.0) { sum, block in
      sum + forgetting + block.places.reduce(0) { $0 + h[$1] * gain[$1] }
    }
    add(gain, times: error / sum, to: &parameters)
    covariance.subtract(1 / sum, square: gain, dividingBy: forgetting)
    forgetting = 0.9987 * forgetting + 1 - 0.9987
    updates += 1
  }

  /// The numbers of `gradient` in the filter's order, blocks padded.
  private func packed(_ gradient: Parameters) -> [Double] {
    var vector = [Double](repeating: 0, count: layout.vectorCount)
    let float64Count = gradient.float64.count
    forEachPlace { index, place in
      vector[index] =
        place < float64Count
        ? gradient.float64[place] : Double(gradient.float32[place - float64Count])
    }
    return vector
  }

  private func add(_ vector: [Double], times factor: Double, to parameters: inout Parameters) {
    let float64Count = parameters.float64.count
    forEachPlace { index, place in
      if place < float64Count {
        parameters.float64[place] += factor * vector[index]
      } else {
        parameters.float32[place - float64Count] += Float(factor * vector[index])
      }
    }
  }

  /// Calls `body` with each index of a padded vector that is used, and the place of its parameter.
  private func forEachPlace(_ body: (_ index: Int, _ place: Int) -> Void) {
    var next = 0
    for block in layout.blocks {
      for index in block.places {
        body(index, order[next])
        next += 1
      }
    }
  }
}

extension KalmanFilter {
  /// What it remembers, named for checkpoints.
  var vectors: [String: Parameters] {
    var vectors = covariance.vectors
    vectors["forgetting"] = Parameters(float64: [forgetting])
    return vectors
  }

  /// Goes on from what one with the same options remembered.
  mutating func restore(_ memory: OptimizerMemory) throws {
    guard let forgetting = memory.vectors["forgetting"]?.float64, forgetting.count == 1,
      let covariance = AnyCovariance(layout, covariance.precision, memory.vectors)
    else {
      throw memory.misfit("its matrices do not fit the parameters, kf_blocksize and kf_precision")
    }
    self.forgetting = forgetting[0]
    self.covariance = covariance
    updates = memory.updates
  }
}

/// The sizes of blocks of at most `blockSize` numbers for tensors of `counts` numbers.
///
/// Tensors are packed in order, as many as fit; one that is larger than a block is cut, and shares none of its blocks.
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
