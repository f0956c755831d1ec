import Glibc

/// A function of a pair's displacement d whose rows are `(f(r), g(r) d)`, or one of the two parts.
///
/// With `n = d/r` its derivative along `dDot` is `(f' n·dDot, g dDot + g' (n·dDot) d)`.
/// Source: docs/MATH.md, "Operations" and "Environment matrix".
public enum PairFunction: Sendable, Equatable {
  /// The environment row: f = w/ρ, g = w/ρ², ρ = r + protection.
  case environmentRow(SwitchFunction, protection: Double)
  /// Its radial part, `w/ρ`.
  case radialRow(SwitchFunction, protection: Double)
  /// The smooth switch `w(r)`.
  case smoothSwitch(SwitchFunction)
  /// `scale · r`.
  case length(scale: Double)
  /// `scale · d`.
  case displacement(scale: Double)
  /// `d / (r + small)`.
  case direction(small: Double)

  /// The count of numbers in a row.
  public var width: Int { (hasRadialPart ? 1 : 0) + (hasVectorPart ? 3 : 0) }

  var hasRadialPart: Bool {
    switch self {
    case .environmentRow, .radialRow, .smoothSwitch, .length: true
    case .displacement, .direction: false
    }
  }

  var hasVectorPart: Bool {
    switch self {
    case .environmentRow, .displacement, .direction: true
    case .radialRow, .smoothSwitch, .length: false
    }
  }

  /// f at distance `r` in Å.
  public func radialPart(at r: Double) -> Double { jet(r).f }

  /// f, f', g and g' at distance `r`.
  @inline(__always)
  func jet(_ r: Double) -> PairJet {
    switch self {
    case .environmentRow(let w, let protection), .radialRow(let w, let protection):
      let (w, wSlope) = w.value(at: r), inverse = 1 / (r + protection), s = w * inverse
      return PairJet(
        f: s, fSlope: (wSlope - s) * inverse, g: s * inverse,
        gSlope: (wSlope - 2 * s) * inverse * inverse)
    case .smoothSwitch(let w):
      let (w, wSlope) = w.value(at: r)
      return PairJet(f: w, fSlope: wSlope, g: 0, gSlope: 0)
    case .length(let scale): return PairJet(f: scale * r, fSlope: scale, g: 0, gSlope: 0)
    case .displacement(let scale): return PairJet(f: 0, fSlope: 0, g: scale, gSlope: 0)
    case .direction(let small):
      let inverse = 1 / (r + small)
      return PairJet(f: 0, fSlope: 0, g: inverse, gSlope: -inverse * inverse)
    }
  }
}

/// A switch between two radii in Å.
public enum SwitchFunction: Sendable, Equatable {
  /// The polynomial of `smoothSwitch`.
  case polynomial(inner: Double, outer: Double)
  /// `exp(-exp(20 (r - inner)/inner))`, whose slope is 0 beyond `outer`.
  case exponential(inner: Double, outer: Double)

  /// The weight and its slope at `r`.
  @inline(__always)
  func value(at r: Double) -> (weight: Double, slope: Double) {
    switch self {
    case .polynomial(let inner, let outer):
      return Kernels.smoothSwitch(r, inner: inner, outer: outer)
    case .exponential(let inner, let outer):
      let a = 20 / inner, e = exp(a * (min(r, outer) - inner)), w = exp(-e)
      return (w, r < outer ? -a * e * w : 0)
    }
  }
}

/// A pair function's radial factors and their slopes.
struct PairJet {
  let f: Double, fSlope: Double, g: Double, gSlope: Double
}
