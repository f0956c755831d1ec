import Atoms

/// What the statistics of a model need of some frames, before anything is divided.
///
/// Samples of disjoint parts may be gathered anywhere; the statistics of a data set add one sample per system
/// in the order of the systems, so that their last bit does not depend on who gathered what.
public struct StatisticsSample: Sendable, Equatable, Codable {
  /// Moments of the environment rows.
  public var environment: EnvironmentMoments
  /// Frame energies and compositions, of the frames that have an energy.
  public var energies: EnergyRows
  /// Moments of each frame parameter, `[numb_fparam]`.
  public var frameParameters: [Moments]
  /// Moments of each atom parameter over all atoms, `[numb_aparam]`.
  public var atomParameters: [Moments]

  /// The sample of no frames, for models of `options`.
  public init(for options: ModelOptions) {
    environment = EnvironmentMoments(typeCount: options.typeMap.count)
    energies = EnergyRows(typeCount: options.typeMap.count)
    frameParameters = Array(repeating: Moments(), count: options.fitting.frameParameters)
    atomParameters = Array(repeating: Moments(), count: options.fitting.atomParameters)
  }

  /// The sample of `frames` with `energies` in eV (nil where there is no label), for models of `options`.
  public init(_ frames: [Frame], energies: [Double?], for options: ModelOptions) {
    precondition(frames.count == energies.count)
    self.init(for: options)
    let rule = options.descriptor.local.neighborRule(
      typeCount: options.typeMap.count, isMixed: options.descriptor.isMixed,
      excludedPairs: options.excludedPairs)
    for (frame, energy) in zip(frames, energies) {
      environment.add(frame, for: options.descriptor.local, rule)
      if let energy { self.energies.add(types: frame.types, energy: energy) }
      for (k, value) in frame.frameParameters.enumerated() { frameParameters[k].add(value) }
      for (place, value) in frame.atomParameters.enumerated() {
        atomParameters[place % atomParameters.count].add(value)
      }
    }
  }

  /// Takes in the sample of another part, in place: there may be tens of thousands of parts.
  public static func += (a: inout StatisticsSample, b: StatisticsSample) {
    a.environment = a.environment + b.environment
    a.energies += b.energies
    a.frameParameters = zip(a.frameParameters, b.frameParameters).map { $0 + $1 }
    a.atomParameters = zip(a.atomParameters, b.atomParameters).map { $0 + $1 }
  }
}
