/// A part of a table, whose nodes are equally far apart.
struct TableCell: BitwiseCopyable {
  /// The input at its first node, and one over the distance between two nodes.
  let lower: Double, inverseSpacing: Double
  /// The number of its first node in the table, and how many of its nodes have a next one.
  let first: Int, intervals: Int
  /// How many nodes further the next interval begins: 1, or 2 where each interval has both of its
  /// nodes for itself.
  var nodesPerInterval = 1

  /// The number of the node behind its last one in the table.
  var end: Int { first + (intervals - 1) * nodesPerInterval + 2 }
}

/// The nodes of one table as rows read them.
public struct TableNodes<Scalar: NetworkScalar>: BitwiseCopyable {
  let base: UnsafePointer<Scalar>
  let cells: UnsafePointer<TableCell>
  /// The input where the first cell begins, cells per unit or 0 if cells are not equally wide, and
  /// the number of the last cell.
  let lower: Double, cellsPerUnit: Double, lastCell: Int
  /// Where the adjoints of its first node stand among those of all tables.
  public let adjoints: Int

  /// The number of the cell of input `s`.
  @inline(__always)
  func cell(of s: Double) -> Int {
    if lastCell == 0 { return 0 }
    if cellsPerUnit > 0 { return min(max(Int((s - lower) * cellsPerUnit), 0), lastCell) }
    var cell = 0
    while cell < lastCell, s >= cells[cell + 1].lower { cell += 1 }
    return cell
  }

  /// The node before input `s`, the position between this node and the next, 0 to 1, and one over
  /// their distance.
  @inline(__always)
  func place(of s: Double) -> (node: Int, position: Double, inverseSpacing: Double) {
    let cell = cells[cell(of: s)]
    let x = (s - cell.lower) * cell.inverseSpacing
    let interval = min(max(Int(x), 0), cell.intervals - 1)
    return (
      cell.first + interval * cell.nodesPerInterval, x - Double(interval), cell.inverseSpacing
    )
  }
}

extension EmbeddingTable {
  /// Its nodes, whose adjoints begin at `adjoints` in a buffer for several tables.
  public func nodes(adjoints: Int) -> TableNodes<Scalar> {
    TableNodes(
      base: nodeBase, cells: UnsafePointer(cells.base), lower: lower,
      cellsPerUnit: cellCount > 1 && !isGiven ? 1 / cellWidth : 0, lastCell: cellCount - 1,
      adjoints: adjoints)
  }
}

/// The width of a cell in a table of several cells.
let cellWidth = 1.0
