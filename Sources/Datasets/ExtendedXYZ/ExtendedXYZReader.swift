import Atoms
import Diagnostics

/// Decodes the bytes of an extended XYZ file, as written by ASE and others, and gives notes about
/// it; `path` is for messages.
///
/// Frames with the same atoms in the same order and with the same labels become one system; the
/// systems are in the order of their first frames.  So a label that some frames lack is never
/// invented.  Labels are those of `LabelKind.catalog`; a notice names keys and columns that look
/// like labels but are not read.  Throws `ToolError` of kind `.data` if the file is damaged.
package func decodeExtendedXYZ(
  _ bytes: [UInt8], place path: String, _ options: ReadingOptions = ReadingOptions()
) throws -> (systems: [AtomicSystem], notes: ReadingNotes) {
  let blocks = try XYZBlock.all(in: bytes, path: path)
  var reading = ExtendedXYZReading(path, blocks.map(\.header), options)
  var groups: [FrameKey: [ExtendedXYZFrame]] = [:]
  var order: [FrameKey] = []
  for block in blocks {
    let frame = try ExtendedXYZFrame(block.header, atoms: block.atoms, &reading)
    let key = FrameKey(frame)
    if groups[key] == nil { order.append(key) }
    groups[key, default: []].append(frame)
  }
  var places = TakenNames()
  let systems = try order.map { key in
    let frames = groups[key] ?? []
    return try system(of: frames, path, &places).validated { _, frame in frames[frame].place }
  }
  return (systems, reading.finish())
}

/// The properties that all frames of a system share.
private struct FrameKey: Hashable {
  let species: [String]
  let isPeriodic: Bool
  let labels: [String: Int]

  init(_ frame: ExtendedXYZFrame) {
    species = frame.species
    isPeriodic = frame.cell != nil
    labels = frame.labels.mapValues(\.count)
  }
}

private func system(
  of frames: [ExtendedXYZFrame], _ path: String, _ places: inout TakenNames
) -> AtomicSystem {
  let species = frames.first?.species ?? []
  var typeNames: [String] = [], numbers: [String: Int] = [:]
  let types = species.map { element in
    if let type = numbers[element] { return type }
    numbers[element] = typeNames.count
    typeNames.append(element)
    return typeNames.count - 1
  }
  let isPeriodic = frames.first?.cell != nil
  var labels: [String: [Double]] = [:]
  for name in frames.first?.labels.keys.sorted() ?? [] {
    labels[name] = frames.flatMap { $0.labels[name] ?? [] }
  }
  var system = AtomicSystem(
    place: path, typeNames: typeNames, types: types, isPeriodic: isPeriodic,
    frameCount: frames.count, positions: frames.flatMap(\.positions),
    cells: frames.flatMap { $0.cell ?? [] }, labels: labels)
  system.place = places.unique("\(path)#\(system.formula)")
  return system
}
