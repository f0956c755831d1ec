import DeepPotential

/// What statistics are asked for: the model they are for, and how frames are sampled.
public struct StatisticsRequest: Sendable, Equatable {
  /// The model; its descriptor's slots are not looked at.
  public var options: ModelOptions
  /// How the neighbor slots come about.
  public var slotRule: SlotRule
  /// Frames per batch of each system.
  public var batchRule: BatchRule
  /// Batches that are sampled of each system, from its first frame on (`data_stat_nbatch`).
  public var batchCount: Int
  /// Energies of atoms that are known beforehand (`preset_out_bias`), nil for the others, `[types]`.
  public var presetBias: [Double?]
  /// Smallest deviation of a frame or atom parameter (`data_stat_protect`).
  public var parameterFloor: Double

  /// Asks with DeePMD-kit's defaults for everything not named.
  public init(
    _ options: ModelOptions, slotRule: SlotRule, batchRule: BatchRule = .fixed(1),
    batchCount: Int = 10, presetBias: [Double?] = [], parameterFloor: Double = 0.01
  ) {
    self.options = options
    self.slotRule = slotRule
    self.batchRule = batchRule
    self.batchCount = batchCount
    self.presetBias = presetBias
    self.parameterFloor = parameterFloor
  }

  /// The options of the model with the slots that data with this `survey` lead to.
  public func options(for survey: NeighborSurvey) -> ModelOptions {
    var options = options
    options.descriptor.slots = slotRule.slots(for: survey)
    return options
  }

  /// How many frames of `system`, the one at `index` of the data, are sampled from its first one on.
  public func frameCount(of system: LabeledSystem, index: Int) -> Int {
    let batch = batchRule.size(
      index: index, atoms: system.atomCount, frames: system.frameCount)
    return min(system.frameCount, batch * batchCount)
  }

  /// The frames of each of `systems` that are sampled, ascending.
  ///
  /// They are the first ones and, of each type that the data have and these lack, the first that have it: for the
  /// environment in any system, for the bias in those with labels.
  public func frames(
    of systems: [LabeledSystem], _ compositions: [SystemComposition]
  ) -> [[Int]] {
    let counts = systems.enumerated().map { frameCount(of: $1, index: $0) }
    let all = Array(systems.indices),
      labeled = all.filter { systems[$0].isLabeled(for: options.output) }
    var late = systems.map { _ in Set<Int>() }
    for type in options.typeMap.indices {
      for group in [all, labeled]
      where !group.contains(where: { compositions[$0].hasType(type, inFirst: counts[$0]) }) {
        for index in group {
          late[index].formUnion(compositions[index].frames(with: type, beyond: counts[index]))
        }
      }
    }
    return zip(counts, late).map { count, late in
      Array(0..<count) + late.filter { $0 >= count }.sorted()
    }
  }
}
