/// How the rows of a frame are cut into tiles of atoms.
struct Tiling {
  /// Number of tiles.
  let count: Int
  /// The first row of tile t in space s is `starts[s * (count + 1) + t]`; all rows of spaces that
  /// belong to no atoms are in tile 0.
  private let starts: [Int]

  private init(count: Int, starts: [Int]) { (self.count, self.starts) = (count, starts) }

  /// Tiles of `size` atoms each, of `atoms` in all; `rows` has for each space the number of its
  /// rows and, if they belong to atoms, the atom of each in order.
  init(size: Int, atoms: Int, _ rows: [(count: Int, atoms: [Int32])]) {
    let count = max(1, (atoms + size - 1) / size)
    let starts = rows.flatMap { rows in
      var starts = Array(repeating: 0, count: count + 1)
      if rows.atoms.isEmpty { starts[1] = rows.count }
      for atom in rows.atoms { starts[Int(atom) / size + 1] += 1 }
      for t in 0..<count { starts[t + 1] += starts[t] }
      return starts
    }
    self.init(count: count, starts: starts)
  }

  /// Tiles that each join `number` of these.
  func joined(_ number: Int) -> Tiling {
    let joined = (count + number - 1) / number
    let places = starts.indices.filter {
      let tile = $0 % (count + 1)
      return tile == count || tile % number == 0
    }
    return Tiling(count: joined, starts: places.map { starts[$0] })
  }

  /// The rows of a space that belong to a tile.
  @inline(__always)
  func rows(_ space: SpaceID, of tile: Int) -> Range<Int> {
    let place = space * (count + 1) + tile
    return starts[place]..<starts[place + 1]
  }

  /// Number of rows of a space.
  func rowCount(_ space: SpaceID) -> Int { starts[space * (count + 1) + count] }

  /// How many bytes it takes.
  var memory: Int { MemoryLayout<Int>.stride * starts.count }
}
