import DeepPotential

/// A request for statistics: the model, and the choice of frames.
public struct StatisticsRequest: Sendable, Equatable {
  /// The options of the model; the slots of its descriptor are not used.
  public var options: ModelOptions
  /// The rules for the neighbor slots of each of the descriptor's lists.
  public var slotRules: [SlotRule]
  /// Frames per batch of each system.
  public var batchRule: BatchRule
  /// The number of batches that are sampled in each system, from its first frame on
  /// (`data_stat_nbatch`).
  public var batchCount: Int
  /// The known energies of atoms (`preset_out_bias`), nil for the others, `[types]`.
  public var presetBias: [Double?]
  /// The smallest deviation of a frame or atom parameter (`data_stat_protect`).
  public var parameterFloor: Double

  /// Makes a request, with DeePMD-kit's defaults for the arguments left out.
  public init(
    _ options: ModelOptions, slotRules: [SlotRule], batchRule: BatchRule = .fixed(1),
    batchCount: Int = 10, presetBias: [Double?] = [], parameterFloor: Double = 0.01
  ) {
    self.options = options
    self.slotRules = slotRules
    self.batchRule = batchRule
    self.batchCount = batchCount
    self.presetBias = presetBias
    self.parameterFloor = parameterFloor
  }

  /// The options of the model with the slots that follow from `survey`.
  public func options(for survey: NeighborSurvey) -> ModelOptions {
    var options = options
    options.descriptor.setSlots(
      zip(options.descriptor.lists, slotRules).map { list, rule in
        rule.slots(for: survey.within(list.outerCutoff), isMixed: list.isMixed)
      })
    options.descriptor.orderSlots(
      automatic: slotRules.map { if case .automatic = $0 { true } else { false } })
    return options
  }

  /// The number of frames that are sampled of `system`, which is number `index` of the data, from
  /// its first frame on.
  public func frameCount(of system: LabeledSystem, index: Int) -> Int {
    let batch = batchRule.size(
      index: index, atoms: system.atomCount, frames: system.frameCount)
    return min(system.frameCount, batch * batchCount)
  }

  /// The sampled frames of each of `systems`, ascending.
  ///
  /// They are the first frames and, for each type that occurs only in later frames, the first
  /// frames with that type: in any system for the environment, in systems with labels for the
  /// bias.
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
