/// The panels of a product: some columns of `C`, tile by tile.
extension Product {
  /// All columns.
  @inline(__always)
  func panels<V: FusedVector>(
    of vector: V.Type, _ start: Int, _ count: Int, _ end: Ending,
    _ scratch: Scratch, byHalves: Bool
  ) where V.Scalar == Scalar {
    let width = V.scalarCount
    var j = 0
    while columns - j >= 2 * width {
      let vectors = (columns - j) / width
      if vectors == 2 || vectors == 4 {  // four are two and two, not three and one
        middlePanel(of: V.self, j, start, count, end, scratch, byHalves)
        j += 2 * width
      } else {
        widePanel(of: V.self, j, start, count, end, scratch, byHalves)
        j += 3 * width
      }
    }
    narrowPanels(of: V.self, from: j, start, count, end, scratch)
  }

  /// Columns `j` and on, three vectors wide.
  @inline(__always)
  private func widePanel<V: FusedVector>(
    of vector: V.Type, _ j: Int, _ start: Int, _ count: Int, _ end: Ending,
    _ scratch: Scratch, _ byHalves: Bool
  ) where V.Scalar == Scalar {
    let width = V.scalarCount
    let (b, bRow) = columnsOfB(of: V.self, 3, j, start, count, scratch)
    forEachRowBlock { i, first in
      let a = rowsOfA(i, start, count, scratch), needed = first - i..<min(8, rows - i)
      let tile = WideTile<V>(
        a, b, bInner: bRow, count: count, byHalves: byHalves, needed: needed)
      if let memory = scratch.tile, first == i, i + 8 <= rows, !end.adds {
        tile.forEachRow { r, x0, x1, x2 in
          put(x0, memory + 3 * width * r)
          put(x1, memory + 3 * width * r + width)
          put(x2, memory + 3 * width * r + 2 * width)
        }
        return storeTransposed(memory, columns: 3 * width, i, j)
      }
      if first == i, i + 8 <= rows, isPlain(end) {
        if !end.added.isEmpty {
          return tile.forEachRow { r, x0, x1, x2 in
            let to = c + (i + r) * cRow + j
            var (x0, x1, x2) = (x0, x1, x2)
            if end.adds {
              (x0, x1, x2) = (get(to) + x0, get(to + width) + x1, get(to + 2 * width) + x2)
            }
            end.added.forEach(at: i + r) { row in
              x0 += get(row + j)
              x1 += get(row + j + width)
              x2 += get(row + j + 2 * width)
            }
            put(x0, to)
            put(x1, to + width)
            put(x2, to + 2 * width)
          }
        }
        return tile.forEachRow { r, x0, x1, x2 in
          let to = c + (i + r) * cRow + j
          write(x0, to, end)
          write(x1, to + width, end)
          write(x2, to + 2 * width, end)
        }
      }
      tile.forEachRow { r, x0, x1, x2 in
        guard i + r >= first, i + r < rows else { return }
        store(x0, i + r, j, width, end)
        store(x1, i + r, j + width, width, end)
        store(x2, i + r, j + 2 * width, width, end)
      }
    }
  }

  /// Columns `j` and on, two vectors wide.
  @inline(__always)
  private func middlePanel<V: FusedVector>(
    of vector: V.Type, _ j: Int, _ start: Int, _ count: Int, _ end: Ending,
    _ scratch: Scratch, _ byHalves: Bool
  ) where V.Scalar == Scalar {
    let width = V.scalarCount
    let (b, bRow) = columnsOfB(of: V.self, 2, j, start, count, scratch)
    forEachRowBlock { i, first in
      let a = rowsOfA(i, start, count, scratch), needed = first - i..<min(8, rows - i)
      let tile = MiddleTile<V>(
        a, b, bInner: bRow, count: count, byHalves: byHalves, needed: needed)
      if let memory = scratch.tile, first == i, i + 8 <= rows, !end.adds {
        tile.forEachRow { r, x0, x1 in
          put(x0, memory + 2 * width * r)
          put(x1, memory + 2 * width * r + width)
        }
        return storeTransposed(memory, columns: 2 * width, i, j)
      }
      if first == i, i + 8 <= rows, isPlain(end) {
        if !end.added.isEmpty {
          return tile.forEachRow { r, x0, x1 in
            let to = c + (i + r) * cRow + j
            var (x0, x1) = (x0, x1)
            if end.adds { (x0, x1) = (get(to) + x0, get(to + width) + x1) }
            end.added.forEach(at: i + r) { row in
              x0 += get(row + j)
              x1 += get(row + j + width)
            }
            put(x0, to)
            put(x1, to + width)
          }
        }
        return tile.forEachRow { r, x0, x1 in
          let to = c + (i + r) * cRow + j
          write(x0, to, end)
          write(x1, to + width, end)
        }
      }
      tile.forEachRow { r, x0, x1 in
        guard i + r >= first, i + r < rows else { return }
        store(x0, i + r, j, width, end)
        store(x1, i + r, j + width, width, end)
      }
    }
  }

  /// The columns from `edge` on, one vector at a time; the last one may be partly filled.
  @inline(__always)
  private func narrowPanels<V: FusedVector>(
    of vector: V.Type, from edge: Int, _ start: Int, _ count: Int, _ end: Ending,
    _ scratch: Scratch
  ) where V.Scalar == Scalar {
    let width = V.scalarCount, whole = columns / width * width
    for j in stride(from: edge, to: whole, by: width) {
      narrowPanel(of: V.self, b.at(start, j), b.row, j, width, start, count, end, scratch)
    }
    guard whole < columns else { return }
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: max(count, 1) * width) { copy in
      copy.initialize(repeating: 0)  // vectors of B itself would read too far
      guard let base = copy.baseAddress else { return }
      for k in 0..<count {
        for j in whole..<columns { base[k * width + j - whole] = b.at(start + k, j).pointee }
      }
      narrowPanel(of: V.self, base, width, whole, columns - whole, start, count, end, scratch)
    }
  }

  /// Columns `j` and on, one vector wide, of which `used` columns count.
  ///
  /// It is not inlined: in a function that has memory of changing size on its stack, the compiler
  /// calls a function for every multiply-add.
  @inline(never)
  private func narrowPanel<V: FusedVector>(
    of vector: V.Type, _ b: UnsafePointer<Scalar>, _ bRow: Int, _ j: Int, _ used: Int, _ start: Int,
    _ count: Int, _ end: Ending, _ scratch: Scratch
  ) where V.Scalar == Scalar {
    forEachRowBlock { i, first in
      let a = rowsOfA(i, start, count, scratch)
      NarrowTile<V>(a, b, bInner: bRow, count: count).forEachRow { r, x in
        guard i + r >= first, i + r < rows else { return }
        store(x, i + r, j, used, end)
      }
    }
  }

  /// Calls `body` with the first row of each block of eight, and the first row of it that is not
  /// done yet: if the number of rows is not a multiple of eight, the last block overlaps the one
  /// before it.
  @inline(__always)
  func forEachRowBlock(_ body: (_ row: Int, _ first: Int) -> Void) {
    var i = 0
    while i + 8 <= rows {
      body(i, i)
      i += 8
    }
    if i < rows { body(max(rows - 8, 0), i) }
  }

  /// Whether rows of tiles are written as they are, or added to what is there: the quick way, since
  /// tiles with few terms take little longer than it takes to ask where each vector goes.
  @inline(__always)
  private func isPlain(_ end: Ending) -> Bool { target != .setTransposed && end.bias == nil }

  /// Writes a whole vector where `isPlain` says so.
  @inline(__always)
  private func write<V: FusedVector>(_ x: V, _ to: UnsafeMutablePointer<Scalar>, _ end: Ending)
  where V.Scalar == Scalar {
    put(end.adds ? get(to) + x : x, to)
  }

  /// Writes a tile of eight rows, transposed, at row `i` and columns `j` and on.
  @inline(__always)
  private func storeTransposed(
    _ tile: UnsafePointer<Scalar>, columns: Int, _ i: Int, _ j: Int
  ) {
    let to = c + j * cRow + i, whole = columns / 8 * 8
    for column in stride(from: 0, to: whole, by: 8) {
      Scalar.transpose8(tile + column, row: columns, to: to + column * cRow, row: cRow)
    }
    for column in whole..<columns {
      for row in 0..<8 { to[column * cRow + row] = tile[row * columns + column] }
    }
  }

  /// Writes the first `used` numbers of `x` at row `i` and columns `j` and on.
  @inline(__always)
  private func store<V: FusedVector>(_ x: V, _ i: Int, _ j: Int, _ used: Int, _ end: Ending)
  where V.Scalar == Scalar {
    if target == .setTransposed {
      for lane in 0..<used {
        let to = c + (j + lane) * cRow + i
        to.pointee = end.adds ? to.pointee + x[lane] : x[lane]
      }
    } else if used == V.scalarCount {
      let to = c + i * cRow + j
      var x = end.adds ? get(to) + x : x
      if let bias = end.bias { x += get(bias + j) }
      end.added.forEach(at: i) { x += get($0 + j) }
      put(x, to)
    } else {
      let to = c + i * cRow + j
      for lane in 0..<used {
        to[lane] = end.adds ? to[lane] + x[lane] : x[lane]
        if let bias = end.bias { to[lane] += bias[j + lane] }
        end.added.forEach(at: i) { to[lane] += $0[j + lane] }
      }
    }
  }
}
