/// The number format of a network: of its parameters, activations and arithmetic.
///
/// Geometry, sums over atoms and all results for users are always float64.
public enum Precision: String, Sendable, Equatable {
  /// 64 bits.
  case float64
  /// 32 bits.
  case float32

  /// `values` rounded to this format.
  public func rounded(_ values: [Double]) -> [Double] {
    switch self {
    case .float64: values
    case .float32: values.map { Double(Float($0)) }
    }
  }
}
