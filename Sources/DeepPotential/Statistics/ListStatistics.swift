/// What one list of neighbors of a descriptor takes from the data before training.
public struct ListStatistics: Sendable, Equatable {
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
  /// Numbers of a row that have a mean and a deviation: 4, 1 if only distances count, or 0.
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

  /// The statistics of rows with the moments `environment`, for a list of `options`.
  init(_ environment: EnvironmentMoments, for options: ListOptions) {
    let slotCount = options.slotCount, rowWidth = options.rowWidth
    var deviation = environment.deviation(slotCount: slotCount, rowWidth: rowWidth)
    if let fixed = options.fixedDeviation { deviation = deviation.map { _ in fixed } }
    self.init(
      slots: options.slots, environment: environment,
      mean: environment.mean(
        slotCount: slotCount, rowWidth: rowWidth, isZero: options.meanIsZero),
      deviation: deviation)
  }
}

extension Descriptor {
  /// The same descriptor with `statistics` of its lists, rounded to its precision.
  func using(_ statistics: [ListStatistics]) -> Descriptor {
    let precision = options.precision
    var rest = statistics.map {
      ListNormalization(
        mean: precision.rounded($0.mean), deviation: precision.rounded($0.deviation))
    }[...]
    var parts: [any DescriptorPart] = []
    for part in self.parts {
      let count = part.options.lists.count
      parts.append(part.with(Array(rest.prefix(count))))
      rest = rest.dropFirst(count)
    }
    return with(parts: parts)
  }
}
