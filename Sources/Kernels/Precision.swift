/// The number format of a network: its parameters, activations and arithmetic.
///
/// Geometry, sums over atoms and everything a user sees are float64 always.
public enum Precision: String, Sendable, Equatable {
  /// 64 bits.
  case float64
  /// 32 bits.
  case float32

  /// `values` as this format can hold them.
  public func rounded(_ values: [Double]) -> [Double] {
    switch self {
    case .float64: values
    case .float32: values.map { Double(Float($0)) }
    }
  }
}
