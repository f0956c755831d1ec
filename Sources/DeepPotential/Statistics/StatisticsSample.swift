import Atoms

/// What the statistics of a model need of some frames, before anything is divided.
///
/// Samples of disjoint parts may be gathered anywhere; the statistics of a data set add one sample
/// per system in the order of the systems, so that their last bit does not depend on who gathered
/// what.
public struct StatisticsSample: Sendable, Equatable, Codable {
  /// Moments of the environment rows of the descriptor, or of each part of a hybrid.
  public var environments: [EnvironmentMoments]
  /// What the data say of the model's output, and compositions of the frames.
  public var output: OutputRows
  /// Moments of each frame parameter, `[numb_fparam]`.
  public var frameParameters: [Moments]
  /// Moments of each atom parameter over all atoms, `[numb_aparam]`.
  public var atomParameters: [Moments]

  /// The sample of no frames, for models of `options`.
  public init(for options: ModelOptions) {
    environments = options.descriptor.parts.map { _ in
      EnvironmentMoments(typeCount: options.typeMap.count)
    }
    output = OutputRows(of: options.output, typeCount: options.typeMap.count)
    frameParameters = Array(repeating: Moments(), count: options.inputs.frameParameters)
    atomParameters = Array(repeating: Moments(), count: options.inputs.atomParameters)
  }

  /// The sample of `frames`, for models of `options`.
  public init(_ frames: [LabeledFrame], for options: ModelOptions) {
    self.init(for: options)
    let parts = options.descriptor.parts
    let rules = parts.map {
      $0.neighborRule(typeCount: options.typeMap.count, excludedPairs: options.excludedPairs)
    }
    for labeled in frames {
      let frame = labeled.frame
      for (k, rule) in rules.enumerated() {
        environments[k].add(frame, for: parts[k].local, rule)
      }
      output.add(types: frame.types, labeled.labels, of: options.output)
      for (k, value) in frame.frameParameters.enumerated() { frameParameters[k].add(value) }
      for (place, value) in frame.atomParameters.enumerated() {
        atomParameters[place % atomParameters.count].add(value)
      }
    }
  }

  /// Takes in the sample of another part, in place: there may be tens of thousands of parts.
  public static func += (a: inout StatisticsSample, b: StatisticsSample) {
    a.environments = zip(a.environments, b.environments).map { $0 + $1 }
    a.output += b.output
    a.frameParameters = zip(a.frameParameters, b.frameParameters).map { $0 + $1 }
    a.atomParameters = zip(a.atomParameters, b.atomParameters).map { $0 + $1 }
  }
}
