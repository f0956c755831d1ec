import Atoms
import Diagnostics

/// The box of a frame in a file of LAMMPS's, in the unit of length of the file.
struct LAMMPSBox {
  /// The corner from which the vectors start.
  let origin: SIMD3<Double>
  /// The cell vectors.
  let vectors: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>)

  /// Makes a box of any shape.
  init(origin: SIMD3<Double>, _ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>) {
    self.origin = origin
    vectors = (a, b, c)
  }

  /// Makes a restricted box from its bounds `low` and `high` and its tilts xy, xz, yz.
  init(low: SIMD3<Double>, high: SIMD3<Double>, tilts: SIMD3<Double>) {
    let size = high - low
    self.init(
      origin: low, SIMD3(size.x, 0, 0), SIMD3(tilts.x, size.y, 0),
      SIMD3(tilts.y, tilts.z, size.z))
  }

  /// Makes a restricted box from the bounds of the orthogonal box around it, as dumps give them.
  ///
  /// Source: LAMMPS manual, "Triclinic simulation boxes", `xlo_bound` and the others.
  init(lowBound: SIMD3<Double>, highBound: SIMD3<Double>, tilts: SIMD3<Double>) {
    let xy = tilts.x, xz = tilts.y, yz = tilts.z
    let below = SIMD3(min(0, xy, xz, xy + xz), min(0, yz), 0)
    let above = SIMD3(max(0, xy, xz, xy + xz), max(0, yz), 0)
    self.init(low: lowBound - below, high: highBound - above, tilts: tilts)
  }

  /// The nine numbers of the cell; its rows are the vectors.
  var rows: [Double] {
    [vectors.0, vectors.1, vectors.2].flatMap { [$0.x, $0.y, $0.z] }
  }

  /// The position with the fractional coordinates `s`.
  func position(_ s: SIMD3<Double>) -> SIMD3<Double> { origin + shift(s) }

  /// The sum of `n` cell vectors along each direction.
  func shift(_ n: SIMD3<Double>) -> SIMD3<Double> {
    vectors.0 * n.x + vectors.1 * n.y + vectors.2 * n.z
  }
}
