/// Atoms of one type: a piece of work for one thread.
struct AtomTile: Sendable {
  /// The type of all its atoms.
  let type: Int
  /// Indices into the frame.
  let atoms: [Int]
  /// Their places among all atoms of the type.
  let rows: Range<Int>

  /// Cuts a frame with atoms of `types` into tiles of at most `size` atoms; padding atoms (type -1)
  /// are in none.
  ///
  /// The cut depends on the frame alone, so that sums over tiles are the same on any number of
  /// threads.
  static func cut(_ types: [Int], typeCount: Int, size: Int) -> [AtomTile] {
    (0..<typeCount).flatMap { type in
      let atoms = types.indices.filter { types[$0] == type }
      return stride(from: 0, to: atoms.count, by: size).map { start in
        let rows = start..<min(start + size, atoms.count)
        return AtomTile(type: type, atoms: Array(atoms[rows]), rows: rows)
      }
    }
  }
}
