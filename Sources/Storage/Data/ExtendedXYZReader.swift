import Atoms
import Diagnostics

/// Reads an extended XYZ file as ASE writes it.
///
/// Frames of the same atoms in the same order, with the same labels, become one system, in the order
/// in which each first appears; so a label that some frames lack is never invented.  Labels are
/// those of `LabelKind.catalog`; other keys and columns are left out.
/// Throws `ToolError`: `.missingInput` if there is no such file, `.data` if it is damaged.
func readExtendedXYZ(at path: String) throws -> [AtomicSystem] {
  try decodeExtendedXYZ(contents(ofFile: path), place: path)
}

/// Decodes the bytes of an extended XYZ file; `path` is for messages.
package func decodeExtendedXYZ(_ bytes: [UInt8], place path: String) throws -> [AtomicSystem] {
  let text = String(decoding: bytes, as: UTF8.self)
  var groups: [FrameKey: [ExtendedXYZFrame]] = [:]
  var order: [FrameKey] = []
  for frame in try frames(of: text, path) {
    let key = FrameKey(frame)
    if groups[key] == nil { order.append(key) }
    groups[key, default: []].append(frame)
  }
  guard !order.isEmpty else { throw ToolError(.data, at: path, "holds no frames") }
  var places = TakenNames()
  return try order.map { key in
    let frames = groups[key] ?? []
    return try system(of: frames, path, &places).validated { _, frame in frames[frame].place }
  }
}

/// What frames of one system have in common.
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

private func frames(of text: String, _ path: String) throws -> [ExtendedXYZFrame] {
  let lines = text.utf8.split(separator: 10, omittingEmptySubsequences: false)
  var frames: [ExtendedXYZFrame] = []
  var next = 0
  while next < lines.count {
    let head = words(lines[next])
    if head.isEmpty {
      next += 1
      continue
    }
    let place = "\(path), frame \(frames.count) (line \(next + 1))"
    guard head.count == 1, let atoms = Int(head[0]), atoms > 0 else {
      throw ToolError(
        .data, at: place,
        "begins with '\(Substring(lines[next]).prefix(60))', expected the number "
          + "of atoms", remedy: "give a folder with type.raw, an HDF5 or an extended XYZ file")
    }
    guard atoms <= lines.count - next - 2 else {
      throw ToolError(.data, at: place, "ends before its \(atoms) atoms do")
    }
    let header = try ExtendedXYZHeader(Substring(lines[next + 1]), place: place)
    let rows = lines[next + 2..<next + 2 + atoms]
    frames.append(try ExtendedXYZFrame(header, atoms: rows, place: place))
    next += 2 + atoms
  }
  return frames
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
