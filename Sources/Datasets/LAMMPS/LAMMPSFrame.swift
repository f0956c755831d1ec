import Atoms

/// One frame of a text file of LAMMPS.
struct LAMMPSFrame {
  /// The place of the frame, for messages.
  let place: String
  /// The type of each atom, counting from 1.
  var types: [Int] = []
  /// The element of each atom; empty if the file has none.
  var elements: [String] = []
  /// Positions, `[atoms][3]`.
  var positions: [Double] = []
  /// The cell vectors as rows; nil without periodicity.
  var cell: [Double]?
  /// Forces, `[atoms][3]`; nil unless the options ask for them.
  var forces: [Double]?

  /// Starts a frame without atoms.
  init(place: String) { self.place = place }

  /// The same frame in eV and Å; its numbers are in `units`.
  func converted(from units: DataUnits) -> LAMMPSFrame {
    if units.isOurs { return self }
    var result = self
    let length = units.factor(.length), force = units.factor(.force)
    result.positions = positions.map { $0 * length }
    result.cell = cell?.map { $0 * length }
    result.forces = forces?.map { $0 * force }
    return result
  }

  /// The properties that all frames of a system share.
  struct Key: Hashable {
    let types: [Int], elements: [String], isPeriodic: Bool
  }

  /// The key of the system to which this frame belongs.
  var key: Key {
    Key(types: elements.isEmpty ? types : [], elements: elements, isPeriodic: cell != nil)
  }
}

/// Makes systems of `frames`: frames with the same atoms in the same order become one system;
/// systems are in the order of their first frames.
///
/// Types without elements are counted from 0 and have no names.  Throws the errors of
/// `AtomicSystem.validated`.
func systems(of frames: [LAMMPSFrame], path: String) throws -> [AtomicSystem] {
  var groups: [LAMMPSFrame.Key: [LAMMPSFrame]] = [:], order: [LAMMPSFrame.Key] = []
  for frame in frames {
    let key = frame.key
    if groups[key] == nil { order.append(key) }
    groups[key, default: []].append(frame)
  }
  var places = TakenNames()
  return try order.map { key in
    let frames = groups[key] ?? []
    var system = system(of: frames, path)
    system.place = places.unique("\(path)#\(system.formula)")
    return try system.validated { _, frame in frames[frame].place }
  }
}

private func system(of frames: [LAMMPSFrame], _ path: String) -> AtomicSystem {
  let elements = frames.first?.elements ?? []
  var names: [String] = [], numbers: [String: Int] = [:]
  for element in elements where numbers[element] == nil {
    numbers[element] = names.count
    names.append(element)
  }
  let types =
    elements.isEmpty
    ? (frames.first?.types ?? []).map { $0 - 1 } : elements.map { numbers[$0] ?? 0 }
  let forces = frames.compactMap(\.forces).flatMap(\.self)
  return AtomicSystem(
    place: path, typeNames: elements.isEmpty ? nil : names, types: types,
    isPeriodic: frames.first?.cell != nil, frameCount: frames.count,
    positions: frames.flatMap(\.positions), cells: frames.flatMap { $0.cell ?? [] },
    labels: forces.isEmpty ? [:] : ["force": forces])
}
