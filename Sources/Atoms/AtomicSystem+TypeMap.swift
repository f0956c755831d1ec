import Diagnostics

extension AtomicSystem {
  /// The same system with types that are indices into `typeMap`, matched by name.
  ///
  /// A system that names no types keeps its indices.  If `typeMap` lacks a name, an error lists all
  /// such names, as in DeePMD-kit even if no atom has that type, unless `ignoringUnused`.  Throws
  /// `ToolError` of kind `.data`.
  public func translated(
    to typeMap: [String], ignoringUnused: Bool = false
  ) throws -> AtomicSystem {
    var result = self
    result.typeNames = typeMap
    guard let typeNames else {
      try requireTypes(below: typeMap.count, "the type map has \(typeMap.joined(separator: ", "))")
      return result
    }
    let used = usedTypes()
    let unknown = typeNames.indices.filter { index in
      !typeMap.contains(typeNames[index]) && !(ignoringUnused && !used.contains(index))
    }
    guard unknown.isEmpty else { throw unknownElements(unknown.map { typeNames[$0] }, typeMap) }
    let indices = typeNames.map { typeMap.firstIndex(of: $0) ?? 0 }
    if let frameTypes {
      result.types = types.map { _ in 0 }  // placeholders
      result.frameTypes = frameTypes.map { $0 < 0 ? -1 : indices[$0] }
    } else {
      result.types = types.map { indices[$0] }
    }
    return result
  }

  /// The types of the atoms of frame `frame`; -1 marks padding atoms.
  public func types(ofFrame frame: Int) -> ArraySlice<Int> {
    guard let frameTypes else { return types[...] }
    return frameTypes[frame * atomCount..<(frame + 1) * atomCount]
  }

  /// The atoms of frame `frame` sorted by type, stably, with padding atoms last.
  ///
  /// Element `i` is the index in the file of the atom at place `i`.  Sorting is part of the format:
  /// DeePMD-kit trains on atoms in this order.
  public func order(ofFrame frame: Int) -> [Int] { orderByType(types(ofFrame: frame)) }

  /// The types that atoms have, without padding.
  public func usedTypes() -> Set<Int> {
    var used = Set(frameTypes ?? types)
    used.remove(-1)
    return used
  }

  private func requireTypes(below count: Int, _ names: String) throws {
    guard let largest = usedTypes().max(), largest >= count else { return }
    throw ToolError(
      .data, at: place, "an atom has type \(largest), but \(names) (types count from 0)",
      remedy: "add a type_map.raw that names every type")
  }

  private func unknownElements(_ names: [String], _ typeMap: [String]) -> ToolError {
    ToolError(
      .data, at: place,
      "has the elements \(names.joined(separator: ", ")), which the type map "
        + "(\(typeMap.joined(separator: ", "))) does not know",
      remedy: "add them to the type map, or leave this system out")
  }
}

/// The places in `types` sorted by type, stably, padding atoms (-1) last.
public func orderByType(_ types: some RandomAccessCollection<Int>) -> [Int] {
  // Counting takes less time than comparing; a training sorts every frame.
  let last = (types.max() ?? 0) + 1
  var next = Array(repeating: 0, count: last + 2)
  for type in types { next[(type < 0 ? last : type) + 1] += 1 }
  for type in 0...last { next[type + 1] += next[type] }
  var order = Array(repeating: 0, count: types.count)
  for (atom, type) in types.enumerated() {
    let place = type < 0 ? last : type
    order[next[place]] = atom
    next[place] += 1
  }
  return order
}
