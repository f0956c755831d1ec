/// The periodic images that a search reaches, and a code for each atom in each image.
///
/// The images along an axis are those from `-reach` to `reach`.  A code has 32 bits: the number of
/// the image in the upper ones, the index of the atom in the lower ones.
public struct PeriodicImages: Sendable, Equatable {
  private let cell: Cell?
  private let reach: SIMD3<Int>
  @usableFromInline let atomBits: UInt32

  /// The images of `atoms` atoms in `cell`, up to `reach` on either side along each axis; a single
  /// image without a cell.
  init(of cell: Cell?, atoms: Int, reach: SIMD3<Int>) {
    (self.cell, self.reach) = (cell, reach)
    let bits = Int.bitWidth - max(atoms - 1, 0).leadingZeroBitCount
    let count = (2 * reach.x + 1) * (2 * reach.y + 1) * (2 * reach.z + 1)
    precondition(bits < 32 && count <= 1 << (32 - bits), "too many images of too many atoms")
    atomBits = UInt32(bits)
  }

  /// The shift from an atom to each of its images, in Å, `[images]`.
  ///
  /// It is computed at each call, because a cell of few atoms has more images than pairs and they
  /// would not be worth keeping.
  public func shifts() -> [SIMD3<Double>] {
    var shifts: [SIMD3<Double>] = []
    shifts.reserveCapacity((2 * reach.x + 1) * (2 * reach.y + 1) * (2 * reach.z + 1))
    for x in -reach.x...reach.x {
      for y in -reach.y...reach.y {
        for z in -reach.z...reach.z {
          shifts.append(cell?.vector(SIMD3(Double(x), Double(y), Double(z))) ?? .zero)
        }
      }
    }
    return shifts
  }

  /// The number of the image that is shifted by `n` cell vectors.
  func number(of n: SIMD3<Int>) -> Int {
    let m = n &+ reach
    return (m.x * (2 * reach.y + 1) + m.y) * (2 * reach.z + 1) + m.z
  }

  /// The code of atom 0 in image `number`; for another atom, add its index.
  func code(ofImage number: Int) -> UInt32 { UInt32(number) &<< atomBits }

  /// The index of the atom in `code`.
  @inlinable public func atom(_ code: UInt32) -> Int { Int(code & ((1 &<< atomBits) &- 1)) }

  /// The number of the image in `code`, an index into `shifts()`.
  @inlinable public func image(_ code: UInt32) -> Int { Int(code &>> atomBits) }
}
