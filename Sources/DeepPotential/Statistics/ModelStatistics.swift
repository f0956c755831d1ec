/// The statistics of the training data that a model needs before training: normalizations, bias,
/// and numbers of neighbors.
///
/// Source: docs/FORMATS.md, "Statistics"; DeePMD-kit's PyTorch backend.
public struct ModelStatistics: Sendable, Equatable {
  /// The statistics of the descriptor's lists of neighbors; those of a hybrid's parts one after the
  /// other.
  public var lists: [ListStatistics]
  /// The output's bias by type, and the deviation of the labels from it.
  public var outputBias: OutputBias
  /// Mean and inverse deviation of the frame parameters (`fparam_avg`, `fparam_inv_std`).
  public var frameParameterMean: [Double], frameParameterInverseDeviation: [Double]
  /// Mean and inverse deviation of the atom parameters (`aparam_avg`, `aparam_inv_std`).
  public var atomParameterMean: [Double], atomParameterInverseDeviation: [Double]
  /// Largest numbers of neighbors and closest pair of all frames.
  public var survey: NeighborSurvey

  /// Number of types.
  public var typeCount: Int { lists[0].typeCount }
  /// Neighbor slots (`sel`) of each list.
  public var slots: [[Int]] { lists.map(\.slots) }
  /// The slots of the neighbors that all lists choose theirs from, see `HybridOptions.local`.
  public var mostSlots: [Int] {
    let isMixed = slots.contains { $0.count != typeCount }
    return lists.count == 1 ? lists[0].slots : DeepPotential.mostSlots(slots, isMixed: isMixed)
  }

  /// Makes statistics from parts that were read from a file.
  public init(
    lists: [ListStatistics], outputBias: OutputBias, frameParameterMean: [Double],
    frameParameterInverseDeviation: [Double], atomParameterMean: [Double],
    atomParameterInverseDeviation: [Double], survey: NeighborSurvey
  ) {
    precondition(!lists.isEmpty)
    self.lists = lists
    self.outputBias = outputBias
    self.frameParameterMean = frameParameterMean
    self.frameParameterInverseDeviation = frameParameterInverseDeviation
    self.atomParameterMean = atomParameterMean
    self.atomParameterInverseDeviation = atomParameterInverseDeviation
    self.survey = survey
  }

  /// Computes the statistics of `sample` and `survey` for models of `options`.
  ///
  /// `presetBias` has the energies in eV of types whose bias is not fitted, `[types]`
  /// (`preset_out_bias`).  Deviations of frame and atom parameters are at least `parameterFloor`
  /// (`data_stat_protect`).
  public init(
    _ sample: StatisticsSample, _ survey: NeighborSurvey, for options: ModelOptions,
    presetBias: [Double?] = [], parameterFloor: Double = 0.01
  ) {
    /// One over the deviation of each parameter.
    func inverse(_ moments: [Moments]) -> [Double] {
      moments.map { 1 / $0.deviation(atLeast: parameterFloor) }
    }
    self.init(
      lists: zip(sample.environments, options.descriptor.lists).map {
        ListStatistics($0, for: $1)
      },
      outputBias: sample.output.bias(
        excluded: options.excludedAtomTypes, preset: presetBias.map { $0.map { [$0] } },
        singularCutoff: options.fitting.singularCutoff),
      frameParameterMean: sample.frameParameters.map(\.mean),
      frameParameterInverseDeviation: inverse(sample.frameParameters),
      atomParameterMean: sample.atomParameters.map(\.mean),
      atomParameterInverseDeviation: inverse(sample.atomParameters), survey: survey)
  }
}

extension EnergyModel {
  /// Sets normalizations and bias to those of `statistics`, which must be for the same types and
  /// slots.
  ///
  /// Normalizations are rounded to the precision of their networks, as in a model file, so that a
  /// model does not change when it is written and read again.
  public mutating func use(_ statistics: ModelStatistics) {
    precondition(
      statistics.slots == descriptor.options.listSlots,
      "statistics for other neighbor slots")
    descriptor = descriptor.using(statistics.lists)
    outputBias = statistics.outputBias.values
    if fitting.options.output.isScaled {
      outputDeviation = statistics.outputBias.factors(types: typeMap.count, of: output)
    }
    let precision = fitting.options.precision
    fitting.frameParameterMean = precision.rounded(statistics.frameParameterMean)
    fitting.frameParameterInverseDeviation = precision.rounded(
      statistics.frameParameterInverseDeviation)
    fitting.atomParameterMean = precision.rounded(statistics.atomParameterMean)
    fitting.atomParameterInverseDeviation = precision.rounded(
      statistics.atomParameterInverseDeviation)
  }
}
