import Glibc

extension Activation {
  /// `f(z)` and its first three derivatives: the plain definition of every activation.
  ///
  /// At the kinks of relu and relu6 the slope is the left one, as in DeePMD-kit.
  public func jet(_ z: Double) -> ActivationJet {
    switch self {
    case .linear: return ActivationJet(z, 1, 0, 0)
    case .tanh: return tanhJet(z)
    case .relu: return ActivationJet(z > 0 ? z : z.isNaN ? z : 0, z > 0 ? 1 : 0, 0, 0)
    case .relu6:
      let value = z.isNaN ? z : min(max(z, 0), 6)
      return ActivationJet(value, z > 0 && z < 6 ? 1 : 0, 0, 0)
    case .softplus:
      let s = logisticJet(z)
      return ActivationJet(log1p(exp(-abs(z))) + max(z, 0), s.value, s.slope, s.curvature)
    case .sigmoid: return logisticJet(z)
    case .gelu: return geluJet(z)
    case .silu: return siluJet(z)
    case .silut(let threshold):
      guard z >= threshold else { return siluJet(z) }
      let edge = siluJet(threshold), k = edge.slope
      let t = tanhJet(k * (z - threshold))
      return ActivationJet(
        edge.value + t.value, k * t.slope, k * k * t.curvature, k * k * k * t.third)
    }
  }

  /// Whether all derivatives exist everywhere, so that polynomials follow the function closely.
  public var isSmooth: Bool {
    switch self {
    case .relu, .relu6, .silut: false
    default: true
    }
  }
}

/// A function's value and first three derivatives at one point.
public struct ActivationJet: Sendable {
  /// The value and its derivatives.
  public let value: Double, slope: Double, curvature: Double, third: Double

  init(_ value: Double, _ slope: Double, _ curvature: Double, _ third: Double) {
    (self.value, self.slope, self.curvature, self.third) = (value, slope, curvature, third)
  }
}

/// `t = tanh z`, `t' = u = 1 - t²`, `t'' = -2 t u`, `t''' = (4 - 6 u) u`.
private func tanhJet(_ z: Double) -> ActivationJet {
  let t = tanh(z), u = 1 - t * t
  return ActivationJet(t, u, -2 * t * u, (4 - 6 * u) * u)
}

/// `s = 1 / (1 + e⁻ᶻ)`, `c = 1 - s = 1 / (1 + eᶻ)`, `s' = s c`, `s'' = s' (c - s)`,
/// `s''' = s'' (c - s) - 2 s'²`.
private func logisticJet(_ z: Double) -> ActivationJet {
  let s = 1 / (1 + exp(-z)), c = 1 / (1 + exp(z)), s1 = s * c, s2 = s1 * (c - s)
  return ActivationJet(s, s1, s2, s2 * (c - s) - 2 * s1 * s1)
}

/// `z s(z)` with the logistic function `s`.
private func siluJet(_ z: Double) -> ActivationJet {
  let s = logisticJet(z)
  return ActivationJet(
    z * s.value, s.value + z * s.slope, 2 * s.slope + z * s.curvature,
    3 * s.curvature + z * s.third)
}

/// `z/2 (1 + t)`, `t = tanh g`, `g = √(2/π) (z + 0.044715 z³)`; Hendrycks and Gimpel,
/// arXiv:1606.08415.
private func geluJet(_ z: Double) -> ActivationJet {
  let k = (2 / Double.pi).squareRoot(), a = 0.044715
  let g1 = k * (1 + 3 * a * z * z), g2 = 6 * k * a * z, g3 = 6 * k * a
  let g = k * (z + a * z * z * z), t = tanh(g), c = cosh(g)
  let u = 1 / (c * c)  // 1 - t² would lose its digits where t is close to 1
  let t1 = u * g1, t2 = u * g2 - 2 * t * t1 * g1
  let t3 = u * g3 - 4 * t * t1 * g2 - 2 * g1 * (t1 * t1 + t * t2)
  return ActivationJet(
    z / 2 * (1 + t), (1 + t) / 2 + z / 2 * t1, t1 + z / 2 * t2, 1.5 * t2 + z / 2 * t3)
}
