extension Activation {
  /// Replaces `count` numbers `z` by `f(z)`, and writes `f'(z)` to `slope`, `f''(z)` to `curvature`
  /// and `f'''(z)` to `third` if these are given; each only with those before it.
  ///
  /// It works vector by vector; `jet` is the plain twin.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func evaluate<Scalar: NetworkScalar>(
    _ z: UnsafeMutablePointer<Scalar>, slope: UnsafeMutablePointer<Scalar>?,
    curvature: UnsafeMutablePointer<Scalar>?, third: UnsafeMutablePointer<Scalar>? = nil,
    count: Int
  ) {
    let jets = Jets(value: z, slope: slope, curvature: curvature, third: third, count: count)
    switch self {
    case .linear: jets.linear()
    case .tanh:
      Scalar.tanh(z, slope: slope, count: count)
      guard let slope else { return }
      if let curvature { for k in 0..<count { curvature[k] = -2 * z[k] * slope[k] } }
      if let third { for k in 0..<count { third[k] = (4 - 6 * slope[k]) * slope[k] } }
    case .relu: jets.relu()
    case .relu6: jets.relu6()
    case .softplus: jets.softplus()
    case .sigmoid: jets.sigmoid()
    case .gelu: jets.gelu()
    case .silu where third == nil: jets.sigmoidLinear(nil)
    case .silu: jets.silu()
    case .silut(let threshold) where third == nil: jets.sigmoidLinear(Bend(at: threshold))
    case .silut(let threshold): jets.silut(Bend(at: threshold))
    }
  }
}

/// Where silut leaves silu, and silu's jet there.
struct Bend<Scalar: NetworkScalar> {
  let edge: Scalar, jet: ActivationJet

  init(at threshold: Double) {
    (edge, jet) = (Scalar(threshold), Activation.silu.jet(threshold))
  }
}

/// The memory of `count` arguments, which the values replace, and of the derivatives.
private struct Jets<Scalar: NetworkScalar> {
  typealias V = Scalar.WideVector
  let value: UnsafeMutablePointer<Scalar>, slope: UnsafeMutablePointer<Scalar>?
  let curvature: UnsafeMutablePointer<Scalar>?, third: UnsafeMutablePointer<Scalar>?
  let count: Int

  // There is one function for each activation, because with a single function the compiler takes
  // minutes.
  @inline(never) func linear() { fill { ($0, .one, .zero, .zero) } }
  @inline(never) func relu() { fill { Scalar.reluJet($0) } }
  @inline(never) func relu6() { fill { Scalar.relu6Jet($0) } }
  @inline(never) func softplus() { fill { Scalar.softplusJet($0) } }
  @inline(never) func sigmoid() { fill { Scalar.logisticJet($0) } }
  @inline(never) func gelu() { fill { Scalar.geluJet($0) } }
  @inline(never) func silu() { fill { Scalar.siluJet($0) } }
  @inline(never) func silut(_ bend: Bend<Scalar>) {
    fill { Scalar.silutJet($0, bend, below: Scalar.siluJet($0)) }
  }

  /// silu, or silut with its bend, without the third derivative.
  ///
  /// There are three loops, since one that asks each vector what is wanted computes it all.
  @inline(never)
  func sigmoidLinear(_ bend: Bend<Scalar>?) {
    let value = value
    if let slope, let curvature {
      sigmoidLinear(bend) { jet, i in
        put(jet.value, value + i)
        put(jet.slope, slope + i)
        put(jet.curvature, curvature + i)
      }
    } else if let slope {
      sigmoidLinear(bend) { jet, i in
        put(jet.value, value + i)
        put(jet.slope, slope + i)
      }
    } else {
      sigmoidLinear(bend) { jet, i in put(jet.value, value + i) }
    }
  }

  /// Calls `write` with the jet of each vector.  Large arguments are rare: only vectors that have
  /// one take the long way.
  @inline(__always)
  private func sigmoidLinear(
    _ bend: Bend<Scalar>?, _ write: ((value: V, slope: V, curvature: V), Int) -> Void
  ) {
    let (value, count) = (value, count)
    let limit = min(bend?.edge ?? .infinity, Scalar.largestExponent)
    var i = 0
    while i &+ V.scalarCount <= count {
      let z: V = get(value + i)
      if Scalar.areBelow(limit, z) {
        write(Scalar.sigmoidLinear(z), i)
      } else {
        finish(from: i, V.scalarCount, bend)
      }
      i &+= V.scalarCount
    }
    if i < count { finish(from: i, count - i, bend) }
  }

  /// The long way for one vector, whole or not.
  @inline(never)
  private func finish(from first: Int, _ count: Int, _ bend: Bend<Scalar>?) {
    let part = Jets(
      value: value + first, slope: slope.map { $0 + first },
      curvature: curvature.map { $0 + first }, third: nil, count: count)
    part.fill { z in
      let largest = V(repeating: Scalar.largestExponent)
      // NaN stays: it is not larger.
      let held = Scalar.select(largest, where: largest, isBelow: z, else: z)
      let jet = Scalar.sigmoidLinear(held)
      let value = Scalar.select(z, where: largest, isBelow: z, else: jet.value)
      let below = (value, jet.slope, jet.curvature, V.zero)
      return bend.map { Scalar.silutJet(z, $0, below: below) } ?? below
    }
  }

  /// Evaluates `jet` vector by vector; the last one may be partly filled.
  @inline(__always)
  private func fill(_ jet: (V) -> VectorJet<V>) {
    for i in stride(from: 0, to: count, by: V.scalarCount) {
      let isWhole = i + V.scalarCount <= count
      let jet = jet(isWhole ? get(value + i) : lastArguments(from: i))
      guard isWhole else { return writeLast(jet, at: i) }
      write(jet, at: i)
    }
  }

  /// Writes a vector of what is wanted.
  @inline(__always)
  private func write(_ jet: VectorJet<V>, at i: Int) {
    put(jet.value, value + i)
    if let slope { put(jet.slope, slope + i) }
    if let curvature { put(jet.curvature, curvature + i) }
    if let third { put(jet.third, third + i) }
  }

  /// The arguments from `i` on, fewer than a vector has, and zeros.
  @inline(never)
  private func lastArguments(from i: Int) -> V {
    var z = V.zero
    for k in i..<count { z[k - i] = value[k] }
    return z
  }

  /// Writes the places of a jet that are arguments.
  @inline(never)
  private func writeLast(_ jet: VectorJet<V>, at i: Int) {
    for k in i..<count {
      value[k] = jet.value[k - i]
      slope?[k] = jet.slope[k - i]
      curvature?[k] = jet.curvature[k - i]
      third?[k] = jet.third[k - i]
    }
  }
}
