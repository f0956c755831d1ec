/// The activation functions that DeePMD-kit names.
public enum Activation: Sendable, Equatable {
  /// `x` ("none", "linear").
  case linear
  /// `tanh x`.
  case tanh
  /// `max(x, 0)`.
  case relu
  /// `min(max(x, 0), 6)`.
  case relu6
  /// `ln(1 + eˣ)`.
  case softplus
  /// `1 / (1 + e⁻ˣ)`.
  case sigmoid
  /// `x/2 (1 + tanh(√(2/π) (x + 0.044715 x³)))` ("gelu", "gelu_tf").
  case gelu
  /// `x / (1 + e⁻ˣ)`.
  case silu
  /// silu below the threshold T, above it `tanh(s (x - T)) + silu(T)` with `s = silu'(T)` ("silut",
  /// "silut:3.0").
  case silut(threshold: Double)

  /// The activation that DeePMD-kit calls `name`, whatever its case; nil if there is none.
  public init?(name: String) {
    switch name.lowercased() {
    case "none", "linear": self = .linear
    case "tanh": self = .tanh
    case "relu": self = .relu
    case "relu6": self = .relu6
    case "softplus": self = .softplus
    case "sigmoid": self = .sigmoid
    case "gelu", "gelu_tf": self = .gelu
    case "silu": self = .silu
    case "silut", "custom_silu": self = .silut(threshold: 3)
    case let other:
      let parts = other.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2, parts[0] == "silut" || parts[0] == "custom_silu",
        let threshold = Double(parts[1]), threshold.isFinite
      else { return nil }
      self = .silut(threshold: threshold)
    }
  }

  /// The name in model files.
  public var name: String {
    switch self {
    case .linear: "none"
    case .tanh: "tanh"
    case .relu: "relu"
    case .relu6: "relu6"
    case .softplus: "softplus"
    case .sigmoid: "sigmoid"
    case .gelu: "gelu"
    case .silu: "silu"
    case .silut(let threshold): "silut:\(threshold)"
    }
  }

  /// Every name that input files may use, for messages.
  public static let names = [
    "tanh", "relu", "relu6", "softplus", "sigmoid", "gelu", "gelu_tf", "silu", "silut", "linear",
    "none",
  ]
}
