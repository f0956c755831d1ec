extension Activation {
  /// Replaces `count` numbers `z` by `f(z)`, and writes `f'(z)` to `slope`, and `f''(z)` to
  /// `curvature` and `f'''(z)` to `third` if these are given.
  ///
  /// It works vector by vector; `jet` is the plain twin.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func evaluate<Scalar: NetworkScalar>(
    _ z: UnsafeMutablePointer<Scalar>, slope: UnsafeMutablePointer<Scalar>,
    curvature: UnsafeMutablePointer<Scalar>?, third: UnsafeMutablePointer<Scalar>? = nil,
    count: Int
  ) {
    let jets = Jets(value: z, slope: slope, curvature: curvature, third: third, count: count)
    switch self {
    case .linear: jets.linear()
    case .tanh:
      Scalar.tanh(z, slope: slope, count: count)
      if let curvature { for k in 0..<count { curvature[k] = -2 * z[k] * slope[k] } }
      if let third { for k in 0..<count { third[k] = (4 - 6 * slope[k]) * slope[k] } }
    case .relu: jets.relu()
    case .relu6: jets.relu6()
    case .softplus: jets.softplus()
    case .sigmoid: jets.sigmoid()
    case .gelu: jets.gelu()
    case .silu where third == nil:
      Scalar.sigmoidLinear(z, slope: slope, curvature: curvature, count: count)
    case .silu: jets.silu()
    case .silut(let threshold):
      // Arguments above the threshold are rare: only their part takes the long way.
      let edge = Activation.silu.jet(threshold), part = 64
      for first in stride(from: 0, to: count, by: part) {
        jets.part(first, min(part, count - first)).silut(threshold, edge)
      }
    }
  }
}

/// The memory of `count` arguments, which the values replace, and of the derivatives.
private struct Jets<Scalar: NetworkScalar> {
  let value: UnsafeMutablePointer<Scalar>, slope: UnsafeMutablePointer<Scalar>
  let curvature: UnsafeMutablePointer<Scalar>?, third: UnsafeMutablePointer<Scalar>?
  let count: Int

  /// `count` of them from `first` on.
  @inline(__always)
  func part(_ first: Int, _ count: Int) -> Jets {
    Jets(
      value: value + first, slope: slope + first, curvature: curvature.map { $0 + first },
      third: third.map { $0 + first }, count: count)
  }

  /// silu where all arguments are below `edge`, else silut.
  @inline(__always)
  func silut(_ edge: Double, _ jet: ActivationJet) {
    if third == nil && Scalar.areBelow(Scalar(edge), value, count: count) {
      Scalar.sigmoidLinear(value, slope: slope, curvature: curvature, count: count)
    } else {
      bentSilu(edge, jet)
    }
  }

  // There is one function for each activation, because with a single function the compiler takes
  // minutes.
  @inline(never) func linear() { fill { (z: Scalar.WideVector) in (z, .one, .zero, .zero) } }
  @inline(never) func relu() { fill { Scalar.reluJet($0) } }
  @inline(never) func relu6() { fill { Scalar.relu6Jet($0) } }
  @inline(never) func softplus() { fill { Scalar.softplusJet($0) } }
  @inline(never) func sigmoid() { fill { Scalar.logisticJet($0) } }
  @inline(never) func gelu() { fill { Scalar.geluJet($0) } }
  @inline(never) func silu() { fill { Scalar.siluJet($0) } }
  @inline(never) private func bentSilu(_ edge: Double, _ jet: ActivationJet) {
    fill { Scalar.silutJet($0, edge: Scalar(edge), jet) }
  }

  /// Evaluates `jet` vector by vector; the last one may be partly filled.
  @inline(__always)
  private func fill(_ jet: (Scalar.WideVector) -> VectorJet<Scalar.WideVector>) {
    let width = Scalar.WideVector.scalarCount
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: width) { buffer in
      guard let last = buffer.baseAddress else { return }
      for i in stride(from: 0, to: count, by: width) {
        let used = min(width, count - i)
        var from = value + i
        if used < width {
          clear(last, width)
          last.update(from: from, count: used)
          from = last
        }
        let jet = jet(get(from))
        write(jet.value, to: value + i, used, last)
        write(jet.slope, to: slope + i, used, last)
        if let curvature { write(jet.curvature, to: curvature + i, used, last) }
        if let third { write(jet.third, to: third + i, used, last) }
      }
    }
  }

  /// Writes the first `used` numbers of a vector; `last` is room for one.
  @inline(__always)
  private func write(
    _ vector: Scalar.WideVector, to place: UnsafeMutablePointer<Scalar>, _ used: Int,
    _ last: UnsafeMutablePointer<Scalar>
  ) {
    if used == Scalar.WideVector.scalarCount { return put(vector, place) }
    put(vector, last)
    place.update(from: last, count: used)
  }
}
