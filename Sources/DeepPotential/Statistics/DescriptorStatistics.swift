/// What a descriptor, or a part of a hybrid, takes from the data before training.
public struct DescriptorStatistics: Sendable, Equatable {
  /// Neighbor slots of each type, or of all types (`sel`), that mean and deviation are for.
  public var slots: [Int]
  /// Moments of the environment rows that mean and deviation were computed from.
  public var environment: EnvironmentMoments
  /// Mean of the environment rows (`davg`), `[types][slots][rowWidth]`, in 1/Å.
  public var mean: [Double]
  /// Deviation of the environment rows (`dstd`), `[types][slots][rowWidth]`, in 1/Å.
  public var deviation: [Double]

  /// Number of types.
  public var typeCount: Int { environment.radial.count }
  /// Numbers of a row that have a mean and a deviation: 4, or 1 if only distances count.
  public var rowWidth: Int {
    let rows = typeCount * slots.reduce(0, +)
    return rows == 0 ? 4 : mean.count / rows
  }

  /// Puts statistics together that were read from a file.
  public init(
    slots: [Int], environment: EnvironmentMoments, mean: [Double], deviation: [Double]
  ) {
    self.slots = slots
    self.environment = environment
    self.mean = mean
    self.deviation = deviation
  }

  /// The statistics of rows with the moments `environment`, for a descriptor of `options`.
  init(_ environment: EnvironmentMoments, for options: DescriptorOptions) {
    let slotCount = options.slotCount, rowWidth = options.rowWidth
    self.init(
      slots: options.slots, environment: environment,
      mean: environment.mean(
        slotCount: slotCount, rowWidth: rowWidth, isZero: options.meanIsZero),
      deviation: environment.deviation(slotCount: slotCount, rowWidth: rowWidth))
  }
}

extension Descriptor {
  /// The same descriptor with `statistics` of its parts, rounded to its precision.
  func using(_ statistics: [DescriptorStatistics]) -> Descriptor {
    let precision = options.precision
    return with(
      parts: zip(parts, statistics).map { part, statistics in
        part.with(
          mean: precision.rounded(statistics.mean),
          deviation: precision.rounded(statistics.deviation))
      })
  }
}
