import Atoms
import Kernels
import Measurement

/// The sums of a prediction for `ListedAtoms` over the own atoms.
public struct ListedSums: Sendable, Equatable {
  /// The sum of the output's values over all own atoms, `[width]`; energies in eV.
  public var frameValue: [Double]
  /// Virial in eV, `V = -Σ dE/dd ⊗ d`.
  public var virial = Matrix3.zero
  /// Number of own atoms that have more neighbors than the model has slots.
  public var truncatedCenters = 0
  /// The smallest distance in Å of an own atom and a neighbor.
  var closest = Double.infinity

  /// The sums over no atoms, for models that predict `output`.
  public init(of output: OutputDefinition) {
    frameValue = Array(repeating: 0, count: output.isReduced ? output.width : 0)
  }
}

extension FrameSweeps {
  /// Runs sweep 1 over one block of own atoms after the other, so that the memory for pairs does
  /// not grow with the number of atoms.
  @specialized(where Row == Double)
  @specialized(where Row == Float)
  func predict(
    _ listed: ListedAtoms, derivativesOf component: Int?, into result: ListedPrediction
  ) -> ListedSums {
    clear(result.forces, 3 * listed.count)
    clear(result.atomVirials, 9 * listed.count)
    let rule = model.neighborRule, silentTypes = model.silentTypes
    let size = 256 * threads  // enough tiles for all; the sums below do not depend on it
    var sums = ListedSums(of: model.output), total = 0.0
    for start in stride(from: 0, to: listed.ownCount, by: size) {
      let centers = start..<min(start + size, listed.ownCount)
      sums.closest = min(sums.closest, findNeighbors(of: centers, listed, rule))
      sums.truncatedCenters += listWorkers.reduce(0) { $0 + $1.truncatedCenters }
      evaluate(centers, of: listed, silentTypes)
      for (k, center) in centers.enumerated() {
        let energy = fitting.energies.base[k] + model.bias(of: listed.centerType(center))
        result.atomValues?[center] = energy
        total += energy
      }
      measure(.forces) { gather(centers, of: listed, into: result, &sums.virial) }
    }
    sums.frameValue = [total]
    return sums
  }

  /// Finds the neighbors of `centers`; gives the smallest distance in Å.
  private func findNeighbors(
    of centers: Range<Int>, _ listed: ListedAtoms, _ rule: NeighborRule
  ) -> Double {
    for worker in listWorkers { worker.begin(rule) }
    measure(.neighborList) {
      slots.begin(
        centers, of: listed, rule, sorting: model.descriptor.tellsSlotsApart, workers: listWorkers)
    }
    let closest = listWorkers.map(\.closestSquared).min() ?? .infinity
    if let parameters, closest < rule.cutoff * rule.cutoff {
      prepareDescriptor(parameters, closest: closest.squareRoot())
    }
    return closest.squareRoot()
  }

  private func evaluate(
    _ centers: Range<Int>, of listed: ListedAtoms, _ silentTypes: Set<Int>
  ) {
    guard let parameters else { preconditionFailure("prepare comes first") }
    var block = Frame(types: [], positions: [], cell: nil)  // the passes ask for no positions
    block.types = centers.map { listed.centerType($0) }
    block.frameParameters = listed.frameParameters
    let width = model.inputs.atomParameters
    block.atomParameters = Array(
      listed.atomParameters[width * centers.lowerBound..<width * centers.upperBound])
    pairsBar.reserve(slots.pairCount)
    if !silentTypes.isEmpty { pairsBar.clear(slots.pairCount) }
    measure(.layout) {
      fitting.begin(
        model.fitting, parameters, frame: block, silentTypes: silentTypes, forTraining: false)
      descriptor.begin(slots, types: block.types, forTraining: false)
    }
    descriptor.forwardBackward(through: fitting, into: pairsBar)
  }

  /// Adds the forces and virials of the pairs of `centers`, in the order of the pairs.
  @specialized(where Row == Double)
  @specialized(where Row == Float)
  private func gather(
    _ centers: Range<Int>, of listed: ListedAtoms, into result: ListedPrediction,
    _ virial: inout Matrix3
  ) {
    for (k, center) in centers.enumerated() {
      var own = SIMD3<Double>.zero
      for pair in slots.pairs(of: k) {
        let dBar = pairsBar.base[pair], d = slots.displacements[pair]
        let neighbor = Int(slots.neighbors[pair])
        own += dBar
        if let forces = result.forces { add(-dBar, to: forces + 3 * neighbor) }
        if let virials = result.atomVirials {
          for row in 0..<3 { add(-dBar[row] * d, to: virials + 9 * neighbor + 3 * row) }
        }
        virial.addOuter(-dBar, d)
      }
      if let forces = result.forces { add(own, to: forces + 3 * center) }
    }
  }
}

func clear(_ numbers: UnsafeMutablePointer<Double>?, _ count: Int) {
  numbers?.update(repeating: 0, count: count)
}

@inline(__always)
private func add(_ vector: SIMD3<Double>, to numbers: UnsafeMutablePointer<Double>) {
  for axis in 0..<3 { numbers[axis] += vector[axis] }
}

extension Descriptor {
  /// Whether the statistics differ between slots of one type, so that the order of the neighbors
  /// matters.
  var tellsSlotsApart: Bool {
    guard case .seE2A(let descriptor) = self else { return false }
    let types = 0..<descriptor.typeCount
    return !types.allSatisfy { center in
      types.allSatisfy { descriptor.hasUniformStatistics(of: center, type: $0) }
    }
  }
}
