import Atoms
import DeepPotential
import Testing

/// A neighbor of an atom: its index, its type, and the displacement to it in Å.
struct PlainNeighbor: Equatable {
  let atom: Int, type: Int, d: SIMD3<Double>

  var distance: Double { dot(d, d).squareRoot() }

  /// Nearer, or as near and first by index, then by displacement.
  func precedes(_ other: PlainNeighbor) -> Bool {
    (dot(d, d), Double(atom), d.x, d.y, d.z)
      < (dot(other.d, other.d), Double(other.atom), other.d.x, other.d.y, other.d.z)
  }
}

/// The plain twin of `NeighborRule` and all that fills slots by one, for two types.
struct PlainRule: Sendable, CustomTestStringConvertible {
  /// Slots of each type, or one number for all.
  var sel: [Int]
  var isTyped = true, cutoff = 4.0
  /// Pairs of types that fill no slots, and that fill them unseen.
  var excluded: [[Int]] = [], hidden: [[Int]] = []

  var slotCount: Int { sel.reduce(0, +) }

  /// The neighbor in each slot, out of `all` of an atom of type `center`, nearest first.
  func fill(_ all: [PlainNeighbor], center: Int) -> [PlainNeighbor?] {
    var filled = [PlainNeighbor?](repeating: nil, count: slotCount), given = sel.map { _ in 0 }
    for neighbor in all.filter({ $0.distance <= cutoff }).prefix(slotCount) {
      let section = isTyped ? neighbor.type : 0
      given[section] += 1
      if given[section] > sel[section] || excludes(center, neighbor.type) { continue }
      filled[sel[..<section].reduce(0, +) + given[section] - 1] = neighbor
    }
    return filled
  }

  /// Whether some of `all` find no slot that is free.
  func isTooSmall(for all: [PlainNeighbor]) -> Bool {
    let near = all.filter { $0.distance <= cutoff }
    return isTyped
      ? near.count > slotCount || [0, 1].contains { t in near.count { $0.type == t } > sel[t] }
      : near.count > sel[0]
  }

  func excludes(_ a: Int, _ b: Int) -> Bool { excluded.contains { $0 == [a, b] || $0 == [b, a] } }
  func hides(_ a: Int, _ b: Int) -> Bool { hidden.contains { $0 == [a, b] || $0 == [b, a] } }

  /// The rule in the program's form.
  var rule: NeighborRule {
    NeighborRule(
      isTyped ? .ofEachType(sel) : .ofAllTypes(slotCount), typeCount: 2, cutoff: cutoff,
      excludedPairs: excluded, hiddenPairs: hidden)
  }

  var testDescription: String {
    "\(sel)\(isTyped ? "" : " of all types") in \(cutoff) Å, no \(excluded), unseen \(hidden)"
  }
}

extension Frame {
  /// All images of all atoms within `cutoff` Å of each atom, tried one by one, nearest first.
  func plainNeighbors(within cutoff: Double) -> [[PlainNeighbor]] {
    let home = positions.map { cell?.wrapped($0) ?? $0 }, images = images(within: cutoff)
    return types.indices.map { i in
      var found: [PlainNeighbor] = []
      for j in types.indices where types[i] >= 0 && types[j] >= 0 {
        for image in images where i != j || image != .zero {
          let neighbor = PlainNeighbor(atom: j, type: types[j], d: home[j] + image - home[i])
          if neighbor.distance <= cutoff { found.append(neighbor) }
        }
      }
      return found.sorted { $0.precedes($1) }
    }
  }

  /// What moves an atom to each image that may be within `cutoff` Å; not moving it comes first.
  func images(within cutoff: Double) -> [SIMD3<Double>] {
    guard let cell else { return [.zero] }
    let heights = cell.heights, reach = (0..<3).map { Int(cutoff / heights[$0]) + 1 }
    var images = [SIMD3<Double>.zero]
    for a in -reach[0]...reach[0] {
      for b in -reach[1]...reach[1] {
        for c in -reach[2]...reach[2] where (a, b, c) != (0, 0, 0) {
          images.append(cell.vector(SIMD3(Double(a), Double(b), Double(c))))
        }
      }
    }
    return images
  }
}

/// Frames in which choosing neighbors is hard.
enum HardFrame: String, CaseIterable {
  case triclinic, open, smallCell = "small cell", lattice

  var frame: Frame {
    switch self {
    case .triclinic: return exampleFrame()
    case .open:
      var frame = exampleFrame(isPeriodic: false)
      frame.types[4] = -1
      return frame
    case .smallCell:
      // Each atom is its own neighbor many times, and every other atom's.
      return Frame(
        types: [0, 1, 1], positions: [.zero, SIMD3(0.9, 0.4, 0.3), SIMD3(7.2, 1.1, -1)],
        cell: Cell(rows: [1.9, 0, 0, 0.3, 2.2, 0, 0.1, -0.4, 2.6]))
    case .lattice:
      // Distances are sums of quarters: exactly equal ones, of both types.
      var positions: [SIMD3<Double>] = []
      for k in 0..<27 {
        let place = SIMD3(Double(k % 3), Double(k / 3 % 3), Double(k / 9))
        positions.append(1.5 * place)
      }
      return Frame(
        types: (0..<27).map { $0 * 7 % 5 % 2 }, positions: positions,
        cell: Cell(rows: [4.5, 0, 0, 0, 4.5, 0, 0, 0, 4.5]))
    }
  }
}
