import Diagnostics
import Files

/// The atoms of one frame of a dump, in the order of their lines.
struct LAMMPSAtoms {
  private let columns: LAMMPSColumns
  private let box: LAMMPSBox
  private let takesForces: Bool
  private var ids: [Int] = [], types: [Int] = [], elements: [String] = []
  private var positions: [Double] = [], forces: [Double] = []

  /// Starts a frame in the box `box`.
  init(_ columns: LAMMPSColumns, _ box: LAMMPSBox, takesForces: Bool) {
    self.columns = columns
    self.box = box
    self.takesForces = takesForces
  }

  /// Reads the atom on the next line; throws if the line is damaged.
  mutating func read(_ lines: inout LAMMPSLines) throws {
    let words = Files.words((lines.line() ?? "").utf8)
    guard words.count == columns.count else {
      throw lines.damaged(
        "has \(counted(words.count, "column")), but ITEM: ATOMS names \(columns.count)")
    }
    if let id = columns.id { ids.append(try lines.integer(words[id], "an atom's id")) }
    if let type = columns.type {
      types.append(try lines.integer(words[type], "a type, 1 or more", least: 1))
    }
    if let element = columns.element { elements.append(String(words[element])) }
    let place = try lines.finite(columns.positions.map { words[$0] })
    let vector = SIMD3(place[0], place[1], place[2])
    let position = columns.isScaled ? box.position(vector) : vector
    positions += [position.x, position.y, position.z]
    if takesForces, let columns = columns.forces {
      forces += try lines.finite(columns.map { words[$0] })
    }
  }

  /// The frame of these atoms, sorted by their ids; throws if two atoms have the same id.
  func frame(_ place: String) throws -> LAMMPSFrame {
    var frame = LAMMPSFrame(place: place)
    var order = Array(positions.indices.prefix(positions.count / 3))
    if !ids.isEmpty {
      order.sort { ids[$0] < ids[$1] }
      for (one, next) in zip(order, order.dropFirst()) where ids[one] == ids[next] {
        throw ToolError(.data, at: place, "has two atoms with the id \(ids[one])")
      }
    }
    func sorted<Value>(_ values: [Value], width: Int = 1) -> [Value] {
      values.isEmpty ? [] : order.flatMap { values[$0 * width..<($0 + 1) * width] }
    }
    frame.types = sorted(types)
    frame.elements = sorted(elements)
    frame.positions = sorted(positions, width: 3)
    if takesForces { frame.forces = sorted(forces, width: 3) }
    return frame
  }
}
