import Atoms
import DeepPotential

/// A frame as a program of molecular dynamics has it: its atoms, their images as ghosts, and lists
/// of neighbors.
struct Listed {
  private(set) var places: [SIMD3<Double>] = [], types: [Int32] = []
  /// The atom that each atom is an image of.
  private(set) var owners: [Int] = []
  private(set) var lists: [[Int32]] = []
  private let missing: Int?
  /// How ghosts' rows come from their owners.
  var ghosts: GhostSwaps

  /// Lists of neighbors within `cutoff` Å; atom `missing` has none.
  init(_ frame: Frame, cutoff: Double, without missing: Int? = nil) {
    self.missing = missing
    ghosts = GhostSwaps(ownCount: 0, owners: [])
    let home = frame.positions.map { frame.cell?.wrapped($0) ?? $0 }
    for shift in frame.images(within: cutoff) {
      for (atom, position) in home.enumerated() {
        // Ghosts that are nobody's neighbors are left out, as such programs do.
        let place = position + shift
        if shift != .zero, home.allSatisfy({ norm($0 - place) > cutoff }) { continue }
        places.append(place)
        owners.append(atom)
        types.append(Int32(frame.types[atom]))
      }
    }
    lists = home.indices.map { center in
      places.indices.filter { $0 != center && norm(places[$0] - home[center]) <= cutoff }
        .map { Int32($0) | 1 << 30 }
    }
    ghosts = GhostSwaps(
      ownCount: home.count, owners: owners.dropFirst(home.count).map { Int32($0) })
  }

  /// The neighbors of atom `center` within `cutoff` Å, nearest first.
  func plainNeighbors(of center: Int, within cutoff: Double) -> [PlainNeighbor] {
    if types[center] < 0 { return [] }
    return places.indices.filter { $0 != center && types[$0] >= 0 }
      .map { PlainNeighbor(atom: $0, type: Int(types[$0]), d: places[$0] - places[center]) }
      .filter { $0.distance <= cutoff }.sorted { $0.precedes($1) }
  }

  /// Calls `body` with the atoms in memory of this program's.
  func withAtoms<Result>(_ body: (ListedAtoms) -> Result) -> Result {
    let memory = lists.map(copy), listCounts = copy(lists.map { Int32($0.count) })
    let pointers = copy(memory.enumerated().map { $0 == missing ? nil : Optional($1) })
    let positions = copy(places.flatMap { [$0.x, $0.y, $0.z] }), types = copy(types)
    defer {
      for list in memory { list.deallocate() }
      positions.deallocate()
      pointers.deallocate()
      types.deallocate()
      listCounts.deallocate()
    }
    var atoms = ListedAtoms(
      ownCount: lists.count, count: owners.count, positions: positions, types: types,
      lists: pointers, listCounts: listCounts, mask: (1 << 30) - 1)
    atoms.ghosts = ghosts
    return body(atoms)
  }

  /// What `model` predicts; of ghosts added to the atoms that they are images of.
  func predict(
    _ model: EnergyModel, threads: Int
  ) -> (sums: ListedSums, energies: [Double], forces: [SIMD3<Double>], virials: [Double]) {
    let energies = copy(Array(repeating: Double.nan, count: lists.count))
    let forces = copy(Array(repeating: Double.nan, count: 3 * owners.count))
    let virials = copy(Array(repeating: Double.nan, count: 9 * owners.count))
    defer { for numbers in [energies, forces, virials] { numbers.deallocate() } }
    var place = ListedPrediction()
    (place.atomValues, place.forces, place.atomVirials) = (energies, forces, virials)
    let result = place
    let sums = withAtoms { Evaluator(threads: threads).predict($0, with: model, into: result) }
    var folded = Array(repeating: SIMD3<Double>.zero, count: lists.count)
    var sharedOut = Array(repeating: 0.0, count: 9 * lists.count)
    for (k, owner) in owners.enumerated() {
      folded[owner] += SIMD3(forces[3 * k], forces[3 * k + 1], forces[3 * k + 2])
      for m in 0..<9 { sharedOut[9 * owner + m] += virials[9 * k + m] }
    }
    return (sums, lists.indices.map { energies[$0] }, folded, sharedOut)
  }
}

/// The numbers in memory that stays where it is until it is deallocated.
private func copy<Number>(_ numbers: [Number]) -> UnsafeMutablePointer<Number> {
  let memory = UnsafeMutablePointer<Number>.allocate(capacity: max(numbers.count, 1))
  memory.initialize(from: numbers, count: numbers.count)
  return memory
}
