import Glibc

/// Where a tabulated pair potential takes the place of another energy: for atoms with neighbors
/// near by.
///
///     k = w(σ),    σ = Σ_j r_j e^(-r_j/α) / Σ_j e^(-r_j/α)
///
/// σ is the distance of the nearest neighbor, but smooth where another one becomes the nearest.
/// Source: DeePMD-kit's `DPZBLLinearEnergyAtomicModel`.
public struct NearnessSwitch: Sendable, Equatable {
  /// Between these values of σ in Å, the weight k falls from 1 to 0 (`sw_rmin`, `sw_rmax`).
  public var inner: Double, outer: Double
  /// α in Å (`smin_alpha`).
  public var decay: Double

  /// Makes a switch between two distances, `inner` below `outer`.
  public init(inner: Double, outer: Double, decay: Double) {
    precondition(inner < outer && decay > 0)
    (self.inner, self.outer, self.decay) = (inner, outer, decay)
  }
}

/// The energy of an atom by a tabulated pair potential, `E = ½ Σ_j u(r_j)`, as a function of the
/// displacements of its neighbors; with a switch, the numbers k and k E.
public struct PairPotentialRows {
  private let table: PairTable, nearness: NearnessSwitch?
  private let edges: UnsafePointer<Int32>, typePairs: UnsafePointer<Int32>, count: Int
  private let displacements: UnsafePointer<SIMD3<Double>>
  /// E, k and its slope by σ, σ, the smallest distance, and `Σ_j e^((nearest - r_j)/α)`.
  private var energy = 0.0, weight = 1.0, weightSlope = 0.0
  private var sigma = 0.0, nearest = Double.infinity, sum = 0.0

  /// Takes `count` neighbors of one atom: the numbers of their displacements in Å, and those of
  /// their and the atom's types, first · types + second.
  public init(
    _ table: PairTable, _ nearness: NearnessSwitch?, edges: UnsafePointer<Int32>,
    typePairs: UnsafePointer<Int32>, count: Int, _ displacements: UnsafePointer<SIMD3<Double>>
  ) {
    (self.table, self.nearness, self.edges) = (table, nearness, edges)
    (self.typePairs, self.count, self.displacements) = (typePairs, count, displacements)
    for p in 0..<count {
      let r = distance(p)
      energy += 0.5 * table.energy(at: r, pair: Int(typePairs[p])).value
      nearest = min(nearest, r)
    }
    guard let nearness, count > 0 else { return }
    var numerator = 0.0
    for p in 0..<count {
      let r = distance(p), w = share(r, nearness)
      sum += w
      numerator += w * r
    }
    sigma = numerator / sum
    (weight, weightSlope) = smoothSwitch(sigma, inner: nearness.inner, outer: nearness.outer)
  }

  /// k and k E in eV, or 0 and E without a switch.
  public var numbers: SIMD2<Double> {
    nearness == nil ? SIMD2(0, energy) : SIMD2(weight, weight * energy)
  }

  /// Adds the derivatives of `bar · numbers` with respect to the displacements.
  public func addBackward(_ bar: SIMD2<Double>, to dBar: UnsafeMutablePointer<SIMD3<Double>>) {
    for p in 0..<count {
      let edge = Int(edges[p]), r = distance(p)
      dBar[edge] += ((bar * slopes(p, r)).sum() / r) * displacements[edge]
    }
  }

  /// The derivative of `numbers` along `dDot`.
  public func tangent(along dDot: UnsafePointer<SIMD3<Double>>) -> SIMD2<Double> {
    var result = SIMD2<Double>.zero
    for p in 0..<count {
      let edge = Int(edges[p]), r = distance(p)
      result += ((displacements[edge] * dDot[edge]).sum() / r) * slopes(p, r)
    }
    return result
  }

  /// The derivatives of `numbers` with respect to the distance of neighbor `p`.
  private func slopes(_ p: Int, _ r: Double) -> SIMD2<Double> {
    let slope = 0.5 * table.energy(at: r, pair: Int(typePairs[p])).slope
    guard let nearness else { return SIMD2(0, slope) }
    let ofWeight =
      weightSlope * share(r, nearness) / sum * (1 - (r - sigma) / nearness.decay)
    return SIMD2(ofWeight, ofWeight * energy + weight * slope)
  }

  /// `e^((nearest - r)/α)`: what the common factor leaves neither overflows nor vanishes.
  private func share(_ r: Double, _ nearness: NearnessSwitch) -> Double {
    exp((nearest - r) / nearness.decay)
  }

  private func distance(_ p: Int) -> Double {
    let d = displacements[Int(edges[p])]
    return (d * d).sum().squareRoot()
  }
}
