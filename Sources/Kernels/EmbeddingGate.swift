/// What turns a table's network into `G(r) = net(s(r)) ⊙ (1 + w(r) h)`, with one `h` for all inputs
/// of the table: the embedding of pairs of two types in strip mode.
///
/// Both s and w follow from the distance, so that G is a function of one number.
/// Source: docs/MATH.md, "Operations".
public struct EmbeddingGate: Sendable {
  /// The input of its table.
  public let nearness: Nearness
  /// Whether the switch w weights the gate; else it is 1.
  let isSmooth: Bool
  /// The places of h among the parameters.
  let places: Range<Int>

  /// Takes the input, whether the gate ends smoothly at the cutoff, and the places of h.
  public init(nearness: Nearness, isSmooth: Bool, places: Range<Int>) {
    (self.nearness, self.isSmooth, self.places) = (nearness, isSmooth, places)
  }

  /// The jets of s and w at input `x`.
  func jets(at x: Double) -> (radial: Jet, weight: Jet) {
    let (radial, weight) = nearness.jets(at: x)
    return (radial, isSmooth ? weight : .one)
  }
}

/// The gate at the points of a tape.
final class GatedJets<Scalar: NetworkScalar> {
  private let gate: EmbeddingGate
  /// The jets of w, `[points][3]`, and of G, `[points][3][width]`.
  private let weights = Buffer<Scalar>(), gated = Buffer<Scalar>()
  private var width: Int { gate.places.count }

  init(_ gate: EmbeddingGate) { self.gate = gate }

  var output: UnsafeMutablePointer<Scalar> { gated.base }

  func reserve(_ points: Int) {
    weights.reserve(3 * points)
    gated.reserve(3 * points * width)
  }

  /// Sets the inputs of `points` to the jets of s at `first`, `first + spacing`, ...
  func set(_ points: Range<Int>, first: Double, spacing: Double, on tape: JetTape<Scalar>) {
    for k in points {
      let (s, w) = gate.jets(at: first + Double(k - points.lowerBound) * spacing)
      tape.setInput(k, Scalar(s.value), Scalar(s.slope), Scalar(s.curvature))
      weights.base[3 * k] = Scalar(w.value)
      weights.base[3 * k + 1] = Scalar(w.slope)
      weights.base[3 * k + 2] = Scalar(w.curvature)
    }
  }

  /// Computes the jets of G from those of the network on `tape`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func forward(_ parameters: UnsafePointer<Scalar>, _ tape: JetTape<Scalar>) {
    let h = parameters + gate.places.lowerBound
    for k in 0..<tape.points {
      let w = weights.base + 3 * k, from = tape.output + 3 * k * width
      let g0 = from, g1 = from + width, g2 = g1 + width
      let to = gated.base + 3 * k * width, to1 = to + width, to2 = to1 + width
      for m in 0..<width {
        let u0 = 1 + w[0] * h[m], u1 = w[1] * h[m], u2 = w[2] * h[m]
        to[m] = g0[m] * u0
        to1[m] = g1[m] * u0 + g0[m] * u1
        to2[m] = g2[m] * u0 + 2 * g1[m] * u1 + g0[m] * u2
      }
    }
  }

  /// Turns the adjoints of the jets of G on `tape`, of the first `points` points, into those of the
  /// network's; adds what is due to h to the gradient, or replaces what is there.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func backward(
    _ parameters: UnsafePointer<Scalar>, _ tape: JetTape<Scalar>, points: Int,
    to gradient: UnsafeMutablePointer<Scalar>, replacing: Bool
  ) {
    let h = parameters + gate.places.lowerBound, hBar = gradient + gate.places.lowerBound
    if replacing { for m in 0..<width { hBar[m] = 0 } }
    for k in 0..<points {
      let w0 = weights.base[3 * k], w1 = weights.base[3 * k + 1], w2 = weights.base[3 * k + 2]
      let g0 = tape.output + 3 * k * width, g1 = g0 + width, g2 = g1 + width
      let b0 = tape.outputAdjoint + 3 * k * width, b1 = b0 + width, b2 = b1 + width
      for m in 0..<width {
        let (x0, x1, x2) = (b0[m], b1[m], b2[m])
        let ofSlope = g1[m] * w0 + g0[m] * w1
        let ofCurvature = g2[m] * w0 + 2 * g1[m] * w1 + g0[m] * w2
        hBar[m] += x0 * g0[m] * w0 + x1 * ofSlope + x2 * ofCurvature
        let u0 = 1 + w0 * h[m], u1 = w1 * h[m], u2 = w2 * h[m]
        b0[m] = x0 * u0 + x1 * u1 + x2 * u2
        b1[m] = x1 * u0 + 2 * x2 * u1
        b2[m] = x2 * u0
      }
    }
  }
}
