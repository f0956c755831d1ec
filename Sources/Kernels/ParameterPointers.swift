/// Pointers to the two vectors of a `Parameters`, which must not move while passes read them.
public struct ParameterPointers: @unchecked Sendable {
  // Unchecked, because no one writes while passes read.
  /// The parameters of all float64 networks.
  public let float64: UnsafePointer<Double>
  /// The parameters of all float32 networks.
  public let float32: UnsafePointer<Float>
}

/// Pointers to the gradient that passes add to.
public struct GradientPointers: @unchecked Sendable {
  // Unchecked, because threads add to disjoint parts.
  /// The gradient of all float64 networks.
  public let float64: UnsafeMutablePointer<Double>
  /// The gradient of all float32 networks.
  public let float32: UnsafeMutablePointer<Float>
  /// Whether every number of the gradient is replaced instead of added to.
  public let replaces: Bool
}

extension Parameters {
  /// Calls `body` with the vectors in memory.
  public func withPointers<Result>(_ body: (ParameterPointers) -> Result) -> Result {
    // An empty array has no address, so one number that is never read replaces it.
    (float64.isEmpty ? [0] : float64).withUnsafeBufferPointer { float64 in
      (float32.isEmpty ? [0] : float32).withUnsafeBufferPointer { float32 in
        guard let first = float64.baseAddress, let second = float32.baseAddress else {
          fatalError("a vector that is not empty has an address")
        }
        return body(ParameterPointers(float64: first, float32: second))
      }
    }
  }

  /// Calls `body` with the vectors in memory, which it adds to or replaces.
  public mutating func withGradientPointers<Result>(
    replacing: Bool = false, _ body: (GradientPointers) -> Result
  ) -> Result {
    var (none64, none32) = (0.0, Float(0))
    return float64.withUnsafeMutableBufferPointer { float64 in
      float32.withUnsafeMutableBufferPointer { float32 in
        withUnsafeMutablePointer(to: &none64) { none64 in
          withUnsafeMutablePointer(to: &none32) { none32 in
            body(
              GradientPointers(
                float64: float64.baseAddress ?? none64, float32: float32.baseAddress ?? none32,
                replaces: replacing))
          }
        }
      }
    }
  }
}
