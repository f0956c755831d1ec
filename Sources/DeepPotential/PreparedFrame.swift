import Atoms

/// A frame and its neighbors in a descriptor's slots: all that does not change while a model is trained.
public struct PreparedFrame: Sendable {
  /// The frame.
  public let frame: Frame
  /// Its neighbors.
  public let slots: NeighborSlots
  /// The smallest distance between two atoms, in Å; the cutoff where no two are closer.
  public let closest: Double

  /// About how many bytes it takes.
  public var memory: Int { 48 * slots.neighbors.count + 64 * frame.types.count }
}

extension EnergyModel {
  /// Finds the neighbors of `frame`, whose types are indices into the type map, or -1 for padding atoms.
  public func prepare(_ frame: Frame) -> PreparedFrame {
    let excludedByDescriptor =
      switch descriptor {
      case .seE2A(let descriptor): descriptor.options.excludedPairs
      }
    let list = NeighborList(frame, cutoff: descriptor.outerCutoff)
    let slots = NeighborSlots(
      list, types: frame.types, capacities: descriptor.slots,
      excludedByModel: PairExclusions(excludedPairs, typeCount: typeMap.count),
      excludedByDescriptor: PairExclusions(excludedByDescriptor, typeCount: typeMap.count))
    let closest = frame.types.indices.lazy.compactMap { center -> Double? in
      let pairs = list.offsets[center]..<list.offsets[center + 1]
      return pairs.first.map { norm(list.displacements[$0]) }  // nearest first
    }.min()
    return PreparedFrame(frame: frame, slots: slots, closest: closest ?? descriptor.outerCutoff)
  }

  /// Types whose atoms have no energy from the fitting nets.
  var silentTypes: Set<Int> { Set(excludedAtomTypes).union(fitting.options.excludedTypes) }

  /// The energy that every atom of `type` has whatever its surroundings; none for padding atoms (type -1).
  func bias(of type: Int) -> Double {
    if type < 0 || excludedAtomTypes.contains(type) { return 0 }
    return outputBias[type]
      + (fitting.options.excludedTypes.contains(type) ? 0 : fitting.bias[type])
  }

  /// Memory for sweeps over frames of this model, and of any model of the same shape.
  func makeSweeps(threads: Int, tabulates: Bool) -> any ModelSweeps {
    switch fitting.options.precision {
    case .float64: FrameSweeps<Double>(self, threads: threads, tabulates: tabulates)
    case .float32: FrameSweeps<Float>(self, threads: threads, tabulates: tabulates)
    }
  }
}
