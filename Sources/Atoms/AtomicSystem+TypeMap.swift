import Diagnostics

extension AtomicSystem {
  /// The same system with its types as indices into `typeMap`, matched by name.
  ///
  /// A system that names no types keeps its indices.  Names that `typeMap` lacks are an error that
  /// lists them, as in DeePMD-kit even if no atom uses them, unless `ignoringUnused`.
  /// Throws `ToolError` of kind `.data`.
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
      result.types = types.map { _ in 0 }  // placeholders, whatever they were
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

  /// The atoms of frame `frame` sorted by type, stably, padding atoms last.
  ///
  /// Element `i` is the place in the file of the atom that comes `i`-th.  Sorting is part of the
  /// format: DeePMD-kit trains on atoms in this order.
  public func order(ofFrame frame: Int) -> [Int] {
    let types = Array(types(ofFrame: frame))
    return types.indices.sorted { first, second in
      let a = types[first] < 0 ? Int.max : types[first]
      let b = types[second] < 0 ? Int.max : types[second]
      return (a, first) < (b, second)
    }
  }

  /// The types that atoms have, padding left out.
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
