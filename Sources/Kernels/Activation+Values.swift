import Foundation

extension Activation {
  /// Replaces `count` numbers `z` by `f(z)`, writes `f'(z)` to `slope` and, where asked for, `f''(z)` to `curvature`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func evaluate<Scalar: NetworkScalar>(
    _ z: UnsafeMutablePointer<Scalar>, slope: UnsafeMutablePointer<Scalar>,
    curvature: UnsafeMutablePointer<Scalar>?, count: Int
  ) {
    if self == .tanh {
      Scalar.tanh(z, slope: slope, count: count)
      if let curvature { for k in 0..<count { curvature[k] = -2 * z[k] * slope[k] } }
      return
    }
    for k in 0..<count {
      let (f, f1, f2) = jet(Double(z[k]))
      z[k] = Scalar(f)
      slope[k] = Scalar(f1)
      curvature?[k] = Scalar(f2)
    }
  }

  /// `f(z)`, `f'(z)` and `f''(z)`: the plain definition of every activation.
  ///
  /// At the kinks of relu and relu6 the slope is the left one, as in DeePMD-kit.
  public func jet(_ z: Double) -> (value: Double, slope: Double, curvature: Double) {
    switch self {
    case .linear: return (z, 1, 0)
    case .tanh:
      let t = Foundation.tanh(z), u = 1 - t * t
      return (t, u, -2 * t * u)
    case .relu: return z > 0 ? (z, 1, 0) : (z.isNaN ? z : 0, 0, 0)
    case .relu6: return z > 0 && z < 6 ? (z, 1, 0) : (z.isNaN ? z : min(max(z, 0), 6), 0, 0)
    case .softplus:
      let s = logistic(z)
      return (log1p(exp(-abs(z))) + max(z, 0), s, s * (1 - s))
    case .sigmoid:
      let s = logistic(z), u = s * (1 - s)
      return (s, u, u * (1 - 2 * s))
    case .gelu: return geluJet(z)
    case .silu: return siluJet(z)
    case .silut(let threshold):
      guard z >= threshold else { return siluJet(z) }
      let (offset, slope, _) = siluJet(threshold)
      let t = Foundation.tanh(slope * (z - threshold)), u = 1 - t * t
      return (t + offset, slope * u, -2 * slope * slope * t * u)
    }
  }
}

private func logistic(_ z: Double) -> Double { 1 / (1 + exp(-z)) }

/// `z σ(z)`, with `σ' = σ (1 - σ)` and `σ'' = σ' (1 - 2σ)`.
private func siluJet(_ z: Double) -> (Double, Double, Double) {
  let s = logistic(z), s1 = s * (1 - s), s2 = s1 * (1 - 2 * s)
  return (z * s, s + z * s1, 2 * s1 + z * s2)
}

/// `z/2 (1 + tanh g)`, `g = √(2/π) (z + 0.044715 z³)`; Hendrycks and Gimpel, arXiv:1606.08415.
private func geluJet(_ z: Double) -> (Double, Double, Double) {
  let k = (2 / Double.pi).squareRoot(), a = 0.044715
  let g1 = k * (1 + 3 * a * z * z), g2 = 6 * k * a * z
  let t = tanh(k * (z + a * z * z * z)), u = 1 - t * t
  return (
    z / 2 * (1 + t), (1 + t) / 2 + z / 2 * u * g1, u * g1 + z / 2 * (u * g2 - 2 * t * u * g1 * g1)
  )
}
