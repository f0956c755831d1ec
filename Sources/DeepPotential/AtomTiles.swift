/// Some atoms of one type, which one thread works on.
struct AtomTile: Sendable {
  /// The type of all its atoms.
  let type: Int
  /// Indices into the frame.
  let atoms: [Int]
  /// The places of these atoms among all atoms of the type.
  let rows: Range<Int>

  /// The atoms of a tile at most: enough rows for fast matrix products in the fitting nets, and few
  /// enough for the numbers of a tile to stay in the caches.
  static let size = 32

  /// Cuts a frame with atoms of `types` into tiles of at most `size` atoms; no tile has padding
  /// atoms (type -1).
  ///
  /// The tiles depend on the frame alone, so that sums over tiles are the same for any number of
  /// threads.
  static func cut(_ types: [Int], typeCount: Int) -> [AtomTile] {
    (0..<typeCount).flatMap { type in
      let atoms = types.indices.filter { types[$0] == type }
      return stride(from: 0, to: atoms.count, by: size).map { start in
        let rows = start..<min(start + size, atoms.count)
        return AtomTile(type: type, atoms: Array(atoms[rows]), rows: rows)
      }
    }
  }
}
