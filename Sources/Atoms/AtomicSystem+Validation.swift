import Diagnostics

extension AtomicSystem {
  /// Checks the system and returns it.
  ///
  /// It must have at least one frame and one atom, types within the type map, labels of the right
  /// shape, finite numbers, and cells that span a volume.  `origin` gives the place in messages for
  /// an array (`coord`, `box` or a label) of a frame; frames and atoms count from 0.  Throws
  /// `ToolError` of kind `.data`.
  public func validated(
    origin: ((_ array: String, _ frame: Int) -> String)? = nil
  ) throws -> AtomicSystem {
    let origin = origin ?? { array, frame in "\(place), \(array), frame \(frame)" }
    guard frameCount > 0 else { throw problem("has no frames") }
    guard atomCount > 0 else { throw problem("has no atoms") }
    try validateTypes(origin)
    for name in labels.keys.sorted() { try validateShape(name) }
    try requireFinite(positions, "coord", isPerAtom: true, origin)
    for name in labels.keys.sorted() {
      let isPerAtom = LabelKind(named: name).isPerAtom
      try requireFinite(labels[name] ?? [], name, isPerAtom: isPerAtom, origin)
    }
    try validateCells(origin)
    return self
  }

  private func problem(_ text: String) -> ToolError { ToolError(.data, at: place, text) }

  private func validateTypes(_ origin: (String, Int) -> String) throws {
    if let negative = types.firstIndex(where: { $0 < 0 }) {
      throw problem("atom \(negative) has type \(types[negative]), expected 0 or more")
    }
    if let frameTypes, let index = frameTypes.firstIndex(where: { $0 < -1 }) {
      throw ToolError(
        .data, at: "\(origin("real_atom_types", index / atomCount)), atom \(index % atomCount)",
        "has type \(frameTypes[index]), expected 0 or more, or -1 for padding")
    }
    guard let typeNames else {
      if frameTypes != nil { throw problem("is of mixed type but has no type_map.raw") }
      return
    }
    if Set(typeNames).count != typeNames.count { throw problem("names a type twice") }
    if let largest = usedTypes().max(), largest >= typeNames.count {
      throw problem(
        "an atom has type \(largest), but only \(counted(typeNames.count, "type")) "
          + "\(typeNames.count == 1 ? "is" : "are") named, counting from 0: \(typeNames.joined(separator: ", "))"
      )
    }
  }

  private func validateShape(_ name: String) throws {
    let found = (labels[name] ?? []).count
    let kind = LabelKind(named: name)
    let width = found / frameCount
    let fits: Bool
    if let expected = kind.width(atoms: atomCount) {
      fits = found == frameCount * expected
    } else {
      fits = found == frameCount * width && width > 0 && (!kind.isPerAtom || width % atomCount == 0)
    }
    guard fits else {
      throw problem(
        "\(name) has \(counted(found, "number")), which do not fit \(counted(frameCount, "frame")) of "
          + "\(counted(atomCount, "atom"))")
    }
  }

  private func requireFinite(
    _ values: [Double], _ name: String, isPerAtom: Bool, _ origin: (String, Int) -> String
  ) throws {
    guard let index = values.firstIndex(where: { !$0.isFinite }) else { return }
    let width = values.count / frameCount
    var place = origin(name, index / width)
    if isPerAtom { place += ", atom \(index % width / (width / atomCount))" }
    throw ToolError(
      .data, at: place, "\(name) is \(values[index]), expected a finite number",
      remedy: "remove the frame from the data, or repeat its calculation")
  }

  private func validateCells(_ origin: (String, Int) -> String) throws {
    guard isPeriodic else { return }
    try requireFinite(cells, "box", isPerAtom: false, origin)
    for frame in 0..<frameCount where Cell(rows: cells[frame * 9..<frame * 9 + 9]) == nil {
      throw ToolError(
        .data, at: origin("box", frame), "the three cell vectors span no volume",
        remedy: "a system without cells has a file 'nopbc' beside type.raw")
    }
  }
}
