import Atoms

/// The sums over some frames from which the statistics of a model are computed.
///
/// Any process may compute the sample of a system.  The statistics of a data set add one sample per
/// system in the order of the systems, so that they are the same to the last bit for any number of
/// processes.
public struct StatisticsSample: Sendable, Equatable, Codable {
  /// Moments of the environment rows of each of the descriptor's lists; none of a list without.
  public var environments: [EnvironmentMoments]
  /// Compositions of the frames, and their values of the model's output.
  public var output: OutputRows
  /// Moments of each frame parameter, `[numb_fparam]`.
  public var frameParameters: [Moments]
  /// Moments of each atom parameter over all atoms, `[numb_aparam]`.
  public var atomParameters: [Moments]

  /// Starts without frames, for models of `options`.
  public init(for options: ModelOptions) {
    environments = options.descriptor.lists.map { _ in
      EnvironmentMoments(typeCount: options.typeMap.count)
    }
    output = OutputRows(of: options.output, typeCount: options.typeMap.count)
    frameParameters = Array(repeating: Moments(), count: options.inputs.frameParameters)
    atomParameters = Array(repeating: Moments(), count: options.inputs.atomParameters)
  }

  /// Makes the sample of `frames`, for models of `options`.
  public init(_ frames: [LabeledFrame], for options: ModelOptions) {
    self.init(for: options)
    let lists = options.descriptor.lists
    let rules = lists.map {
      $0.neighborRule(
        typeCount: options.typeMap.count, excludedPairs: options.excludedPairsOfStatistics)
    }
    for labeled in frames {
      let frame = labeled.frame
      for (k, rule) in rules.enumerated() where lists[k].rowWidth > 0 {
        environments[k].add(frame, for: lists[k], rule)
      }
      output.add(types: frame.types, labeled.labels, of: options.output)
      for (k, value) in frame.frameParameters.enumerated() { frameParameters[k].add(value) }
      for (place, value) in frame.atomParameters.enumerated() {
        atomParameters[place % atomParameters.count].add(value)
      }
    }
  }

  /// Adds the sample of other frames in place, because a data set may have tens of thousands of
  /// systems.
  public static func += (a: inout StatisticsSample, b: StatisticsSample) {
    a.environments = zip(a.environments, b.environments).map { $0 + $1 }
    a.output += b.output
    a.frameParameters = zip(a.frameParameters, b.frameParameters).map { $0 + $1 }
    a.atomParameters = zip(a.atomParameters, b.atomParameters).map { $0 + $1 }
  }
}
