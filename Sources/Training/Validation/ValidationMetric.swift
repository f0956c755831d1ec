/// A mean error over all validation frames, by which models are compared (`validation_metric`).
public struct ValidationMetric: Sendable, Hashable {
  /// A family of errors, in the order of DeePMD-kit's tables.
  public enum Family: String, Sendable, CaseIterable {
    /// Energy per atom.
    case energy = "E"
    /// Components of the forces.
    case force = "F"
    /// Components of the stress.
    case stress = "S"
    /// Components of the virial per atom.
    case virial = "V"

    /// The quantity of an evaluation.
    public var quantity: ErrorQuantity {
      switch self {
      case .energy: .energyPerAtom
      case .force: .force
      case .stress: .stress
      case .virial: .virialPerAtom
      }
    }

    /// The label that it needs, by DeePMD-kit's name.
    public var label: String {
      switch self {
      case .energy: "energy"
      case .force: "force"
      case .stress, .virial: "virial"
      }
    }

    /// The unit in a validation log: a thousandth of the unit in an evaluation.
    public var unit: String {
      switch self {
      case .energy, .virial: "meV/atom"
      case .force: "meV/Å"
      case .stress: "meV/Å³"
      }
    }
  }

  /// The kind of average.
  public enum Average: String, Sendable, CaseIterable {
    /// Mean of absolute values.
    case absolute = "MAE"
    /// Root of the mean of squares.
    case square = "RMSE"
  }

  /// The family of errors.
  public let family: Family
  /// The kind of average.
  public let average: Average

  /// The average of one family's errors.
  public init(_ family: Family, _ average: Average) {
    self.family = family
    self.average = average
  }

  /// The metric called `name`, in upper or lower case; nil if there is none.
  public init?(named name: String) {
    let parts = name.uppercased().split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let family = Family(rawValue: String(parts[0])),
      let average = Average(rawValue: String(parts[1]))
    else { return nil }
    self.init(family, average)
  }

  /// The name, "E:MAE".
  public var name: String { "\(family.rawValue):\(average.rawValue)" }

  /// The names of all metrics.
  public static let names = Family.allCases.flatMap { family in
    Average.allCases.map { ValidationMetric(family, $0).name }
  }

  /// The metric of `errors`, in the units of an evaluation; nan if no frame had the label.
  public func value(of errors: EvaluationErrors) -> Double {
    guard let sum = errors.sums[family.quantity] else { return .nan }
    return average == .absolute ? sum.meanAbsolute : sum.rootMeanSquare
  }
}
