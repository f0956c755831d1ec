import Glibc

extension Cell {
  /// Makes a cell from three, six or nine numbers; nil for other counts, and for numbers that make
  /// no cell.
  ///
  /// Three numbers are the lengths a, b, c of a right-angled cell in Å.  Six are these and the
  /// angles α, β, γ in degrees, with a along x and b in the xy plane.  Nine are the vectors one
  /// after the other.
  /// Source: International Tables for Crystallography, vol. B, 3.3.1: the orthonormal basis of a
  /// cell.
  public init?(numbers x: [Double]) {
    guard x.allSatisfy(\.isFinite) else { return nil }
    switch x.count {
    case 3: self.init(lengths: x, angles: [90, 90, 90])
    case 6: self.init(lengths: Array(x[..<3]), angles: Array(x[3...]))
    case 9: self.init(rows: x)
    default: return nil
    }
  }

  private init?(lengths: [Double], angles: [Double]) {
    guard lengths.allSatisfy({ $0 > 0 }), angles.allSatisfy({ $0 > 0 && $0 < 180 }) else {
      return nil
    }
    // The cosine of a right angle is 0, but the library gives 6e-17.
    let cosines = angles.map { $0 == 90 ? 0 : cos($0 * .pi / 180) }
    let (alpha, beta, gamma) = (cosines[0], cosines[1], cosines[2])
    let sine = angles[2] == 90 ? 1 : sin(angles[2] * .pi / 180)
    let y = (alpha - beta * gamma) / sine
    let square = 1 - beta * beta - y * y
    guard square > 0 else { return nil }
    self.init(
      SIMD3(lengths[0], 0, 0), lengths[1] * SIMD3(gamma, sine, 0),
      lengths[2] * SIMD3(beta, y, square.squareRoot()))
  }
}
