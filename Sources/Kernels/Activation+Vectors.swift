extension Activation {
  /// Replaces `count` numbers `z` by `f(z)`, writes `f'(z)` to `slope` and, where asked for, `f''(z)` to `curvature`
  /// and `f'''(z)` to `third`.
  ///
  /// A vector at a time, all but silut; `jet` is the plain twin.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func evaluate<Scalar: NetworkScalar>(
    _ z: UnsafeMutablePointer<Scalar>, slope: UnsafeMutablePointer<Scalar>,
    curvature: UnsafeMutablePointer<Scalar>?, third: UnsafeMutablePointer<Scalar>? = nil,
    count: Int
  ) {
    let jets = Jets(value: z, slope: slope, curvature: curvature, third: third, count: count)
    switch self {
    case .linear: jets.fill { (z: Scalar.WideVector) in (z, .one, .zero, .zero) }
    case .tanh:
      Scalar.tanh(z, slope: slope, count: count)
      if let curvature { for k in 0..<count { curvature[k] = -2 * z[k] * slope[k] } }
      if let third { for k in 0..<count { third[k] = (4 - 6 * slope[k]) * slope[k] } }
    case .relu: jets.fill { Scalar.reluJet($0) }
    case .relu6: jets.fill { Scalar.relu6Jet($0) }
    case .softplus: jets.fill { Scalar.softplusJet($0) }
    case .sigmoid: jets.fill { Scalar.logisticJet($0) }
    case .gelu: jets.fill { Scalar.geluJet($0) }
    case .silu: jets.fill { Scalar.siluJet($0) }
    case .silut:
      for k in 0..<count {
        let jet = jet(Double(z[k]))
        z[k] = Scalar(jet.value)
        slope[k] = Scalar(jet.slope)
        curvature?[k] = Scalar(jet.curvature)
        third?[k] = Scalar(jet.third)
      }
    }
  }
}

/// Where `count` values, which take the places of the arguments, and their derivatives go.
private struct Jets<Scalar: NetworkScalar> {
  let value: UnsafeMutablePointer<Scalar>, slope: UnsafeMutablePointer<Scalar>
  let curvature: UnsafeMutablePointer<Scalar>?, third: UnsafeMutablePointer<Scalar>?
  let count: Int

  /// Evaluates `jet` vector by vector; the last one may be partly filled.
  @inline(__always)
  func fill(_ jet: (Scalar.WideVector) -> VectorJet<Scalar.WideVector>) {
    let width = Scalar.WideVector.scalarCount, whole = count / width * width
    for i in stride(from: 0, to: whole, by: width) {
      let jet = jet(get(value + i))
      put(jet.value, value + i)
      put(jet.slope, slope + i)
      if let curvature { put(jet.curvature, curvature + i) }
      if let third { put(jet.third, third + i) }
    }
    guard whole < count else { return }
    var rest = Scalar.WideVector.zero
    for k in whole..<count { rest[k - whole] = value[k] }
    let jet = jet(rest)
    for k in whole..<count {
      value[k] = jet.value[k - whole]
      slope[k] = jet.slope[k - whole]
      curvature?[k] = jet.curvature[k - whole]
      third?[k] = jet.third[k - whole]
    }
  }
}
