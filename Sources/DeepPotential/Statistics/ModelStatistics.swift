/// The statistics of the training data that a model needs before training: normalizations, bias,
/// and numbers of neighbors.
///
/// Source: docs/FORMATS.md, "Statistics"; DeePMD-kit's PyTorch backend.
public struct ModelStatistics: Sendable, Equatable {
  /// Neighbor slots (`sel`), of each type or of all types together; `mean` and `deviation` have
  /// rows for these slots.
  public var slots: [Int]
  /// Moments of the environment rows that mean and deviation were computed from.
  public var environment: EnvironmentMoments
  /// Mean of the environment rows (`davg`), `[types][slots][rowWidth]`, in 1/Å.
  public var mean: [Double]
  /// Deviation of the environment rows (`dstd`), `[types][slots][rowWidth]`, in 1/Å.
  public var deviation: [Double]
  /// The output's bias by type, and the deviation of the labels from it.
  public var outputBias: OutputBias
  /// Mean and inverse deviation of the frame parameters (`fparam_avg`, `fparam_inv_std`).
  public var frameParameterMean: [Double], frameParameterInverseDeviation: [Double]
  /// Mean and inverse deviation of the atom parameters (`aparam_avg`, `aparam_inv_std`).
  public var atomParameterMean: [Double], atomParameterInverseDeviation: [Double]
  /// Largest numbers of neighbors and closest pair of all frames.
  public var survey: NeighborSurvey

  /// Number of types.
  public var typeCount: Int { environment.radial.count }
  /// Number of components of a row that have a mean and a deviation: 4, or 1 if the descriptor
  /// depends on distances only.
  public var rowWidth: Int {
    let rows = typeCount * slots.reduce(0, +)
    return rows == 0 ? 4 : mean.count / rows
  }

  /// Makes statistics from parts that were read from a file.
  public init(
    slots: [Int], environment: EnvironmentMoments, mean: [Double], deviation: [Double],
    outputBias: OutputBias, frameParameterMean: [Double],
    frameParameterInverseDeviation: [Double], atomParameterMean: [Double],
    atomParameterInverseDeviation: [Double], survey: NeighborSurvey
  ) {
    self.slots = slots
    self.environment = environment
    self.mean = mean
    self.deviation = deviation
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
    let slotCount = options.descriptor.slotCount, rowWidth = options.descriptor.rowWidth
    /// One over the deviation of each parameter.
    func inverse(_ moments: [Moments]) -> [Double] {
      moments.map { 1 / $0.deviation(atLeast: parameterFloor) }
    }
    self.init(
      slots: options.descriptor.slots, environment: sample.environment,
      mean: sample.environment.mean(
        slotCount: slotCount, rowWidth: rowWidth, isZero: options.descriptor.meanIsZero),
      deviation: sample.environment.deviation(slotCount: slotCount, rowWidth: rowWidth),
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
    precondition(statistics.slots == descriptor.slots, "statistics for other neighbor slots")
    var precision = descriptor.options.precision
    descriptor =
      descriptor.any.with(
        mean: precision.rounded(statistics.mean), deviation: precision.rounded(statistics.deviation)
      ).wrapped
    outputBias = statistics.outputBias.values
    precision = fitting.options.precision
    fitting.frameParameterMean = precision.rounded(statistics.frameParameterMean)
    fitting.frameParameterInverseDeviation = precision.rounded(
      statistics.frameParameterInverseDeviation)
    fitting.atomParameterMean = precision.rounded(statistics.atomParameterMean)
    fitting.atomParameterInverseDeviation = precision.rounded(
      statistics.atomParameterInverseDeviation)
  }
}
