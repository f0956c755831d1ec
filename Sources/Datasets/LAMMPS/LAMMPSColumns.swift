import Diagnostics

/// The columns of a dump's atoms that are read.
struct LAMMPSColumns {
  /// The number of words in a line.
  let count: Int
  let id: Int?, type: Int?
  /// The column `element`, otherwise `typelabel`.
  let element: Int?
  let positions: [Int]
  /// Whether positions are fractions of the cell.
  let isScaled: Bool
  /// The columns fx, fy and fz; nil unless all three are there.
  let forces: [Int]?

  /// Finds the columns by their `names`, which are on the line of `lines` that was read last.
  ///
  /// Throws if there are no positions, or neither types nor elements.
  init(_ names: [Substring], in lines: LAMMPSLines) throws {
    func columns(_ wanted: [String]) -> [Int]? {
      let found = wanted.compactMap { name in names.firstIndex { $0 == name } }
      return found.count == wanted.count ? found : nil
    }
    count = names.count
    id = columns(["id"])?[0]
    type = columns(["type"])?[0]
    element = columns(["element"])?[0] ?? columns(["typelabel"])?[0]
    forces = columns(["fx", "fy", "fz"])
    let plain = columns(["x", "y", "z"]) ?? columns(["xu", "yu", "zu"])
    let scaled = columns(["xs", "ys", "zs"]) ?? columns(["xsu", "ysu", "zsu"])
    isScaled = plain == nil
    guard let positions = plain ?? scaled else {
      throw lines.damaged(
        "has no positions: the columns are \(names.joined(separator: " "))",
        remedy: "write the dump with id, type, x, y and z (or xu, xs, xsu and so on)")
    }
    self.positions = positions
    guard type != nil || element != nil else {
      throw lines.damaged(
        "has neither types nor elements: the columns are \(names.joined(separator: " "))",
        remedy: "write the dump with id, type, x, y and z")
    }
  }
}
