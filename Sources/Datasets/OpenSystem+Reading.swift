import Atoms
import Diagnostics

extension OpenSystem {
  /// The same system, with labels renamed and units converted as `options` say.
  ///
  /// This is for formats that store labels by name and declare no units.  Throws the errors of
  /// reading.
  func reading(_ options: ReadingOptions) throws -> OpenSystem {
    let names = options.labels.present { labelWidths[$0] != nil }.filter { $0.key != "stress" }
    let units = options.units
    if names.isEmpty && units.isOurs { return self }
    var widths = labelWidths
    for (label, name) in names { widths[label] = labelWidths[name] }
    for name in names.values where names[name] == nil { widths[name] = nil }
    let base = self
    let read = { @Sendable (range: Range<Int>) in
      try base.frames(range).renamed(options.labels).converted(from: units)
    }
    // Reading one frame finds wrong shapes now and not in the middle of a training.
    _ = try read(0..<min(1, frameCount))
    var result = OpenSystem(
      place: place, typeNames: typeNames, types: types, isMixed: isMixed, isPeriodic: isPeriodic,
      frameCount: frameCount, labelWidths: widths, knownDigest: nil,
      isInMemory: isInMemory, read: read)
    result.notes = notes
    result.notes.namesFound = Set(names.values)
    let found = quantities(of: widths.keys)
    let conversions = units.conversions(of: found)
    if !conversions.isEmpty {
      result.notes.conversion = conversions.joined(separator: ", ")
      result.notes.post(
        path: place,
        derived: units.derived(of: found).map { "\($0.rawValue) in \(units.name($0))" })
    }
    return result
  }
}

extension ReadingOptions {
  /// Throws if no file of `paths` has a name that these options give to a label.
  public func requireFound(_ notes: [ReadingNotes], in paths: [String]) throws {
    let found = notes.reduce(into: Set<String>()) { $0.formUnion($1.namesFound) }
    if takesForces && !notes.isEmpty && !found.contains("fx") {
      throw ToolError(
        .data, at: paths.joined(separator: ", "), "no file is a dump of LAMMPS's with fx, fy, fz",
        remedy: "leave --forces out: other formats have forces as labels anyway")
    }
    let lost = labels.names.filter { !found.contains($0.value) }.sorted { $0.key < $1.key }
    if notes.isEmpty || lost.isEmpty { return }
    let others = Set(notes.flatMap { $0.otherNames.values.joined() }).sorted()
    throw ToolErrors(
      lost.map { label, name in
        ToolError(
          .data, at: paths.joined(separator: ", "),
          "no file has '\(name)', which is to be \(label)",
          remedy: others.isEmpty
            ? "names are taken letter by letter: force and the like are columns, energy, virial "
              + "and stress values of the second line"
            : "there are \(others.joined(separator: ", "))")
      })
  }
}
