import Atoms
import Datasets
import DeepPotential
import Diagnostics
import Files
import HDF5
import Logs

/// Reads predictions of `dp-eval --predictions` and the `data` for which they were made.
///
/// A system's first positions identify it, whatever its name and place; of several equal systems
/// the one with the same name and number of frames is taken.  Throws `.data` if a system of the
/// predictions is not in the data.
func readPredictions(
  _ paths: [String], data: [String], warn: (String) -> Void
) throws -> Comparisons {
  var cache = DataCache(limit: 0)
  let labeled = try openSystems(at: data, cache: &cache)
  // Only hashes are kept, since the positions of many systems would take much memory.
  var places: [Int: [OpenSystem]] = [:]
  for system in labeled where system.frameCount > 0 {
    places[try system.frames(0..<1).positions.hashValue, default: []].append(system)
  }
  var result = Comparisons()
  for path in paths {
    let compared = try comparedTypes(path)
    for system in try openSystems(at: path, cache: &cache) where system.frameCount > 0 {
      let alike = places[try system.frames(0..<1).positions.hashValue, default: []]
        .filter { $0.frameCount >= system.frameCount }
      guard
        let reference = alike.first(where: { group($0) == group(system) })
          ?? alike.first(where: { $0.frameCount == system.frameCount }) ?? alike.first
      else {
        throw ToolError(
          .data, at: system.place, "is not among the data \(data.joined(separator: ", "))",
          remedy: "give the data that these predictions were made for")
      }
      // Only some frames are in memory at a time, so that systems may be of any length.
      for start in stride(from: 0, to: system.frameCount, by: 256) {
        let range = start..<min(start + 256, system.frameCount)
        let frames = ComparedFrames(
          predicted: try system.frames(range), labeled: try reference.frames(range),
          elements: system, comparedTypes: compared)
        try frames.add(to: &result)
      }
    }
  }
  if result.groups.isEmpty {
    throw ToolError(
      .data, at: data.joined(separator: ", "), "has no labels to compare predictions with")
  }
  return result
}

/// The last part of a system's path, or its group in a file.
private func group(_ system: OpenSystem) -> Substring {
  system.place.split { $0 == "/" || $0 == "#" }.last ?? ""
}

/// The names of the types whose atoms have predictions of their own, as the file at `path` says;
/// nil for all.
private func comparedTypes(_ path: String) throws -> [String]? {
  let file = try SealedFile.open(String(path.prefix { $0 != "#" }), group: "/")
  guard let text = try file.stringAttribute(PredictedSystem.comparedTypes, of: "/") else {
    return nil
  }
  guard case .array(let names) = try JSONValue(parsing: text.utf8, at: path) else { return nil }
  return names.compactMap(\.text)
}

/// The same range of frames of predictions and of data.
private struct ComparedFrames {
  let predicted: AtomicSystem, labeled: AtomicSystem
  /// The predicted system, for the names of elements.
  let elements: OpenSystem
  /// The names of the types whose atoms have predictions of their own; nil for all.
  let comparedTypes: [String]?

  /// Adds all labels that there are predictions for.
  func add(to result: inout Comparisons) throws {
    guard predicted.positions == labeled.positions else {
      throw ToolError(
        .data, at: predicted.place, "has other positions than \(labeled.place)",
        remedy: "give the data that these predictions were made for")
    }
    for frame in 0..<predicted.frameCount {
      let types = types(of: frame)
      addEnergies(of: frame, types, to: &result)
      for output in outputs {
        if let (label, prediction) = pair(output.name, frame) {
          result.addFrame(of: output, label, prediction)
        }
        if let (label, prediction) = pair(output.atomName, frame) {
          try addAtoms(of: output, label, prediction, types, to: &result)
        }
      }
    }
  }

  /// The type of each atom of a frame.
  private func types(of frame: Int) -> [Int] {
    let atoms = predicted.types.count
    return predicted.frameTypes.map { Array($0[frame * atoms..<(frame + 1) * atoms]) }
      ?? predicted.types
  }

  /// The label called `name` of a frame, and the prediction; nil without one of them.
  private func pair(_ name: String, _ frame: Int) -> (ArraySlice<Double>, ArraySlice<Double>)? {
    guard let labels = labeled.labels[name], let predictions = predicted.labels[name] else {
      return nil
    }
    func own(_ values: [Double], _ frames: Int) -> ArraySlice<Double> {
      let width = values.count / frames
      return values[frame * width..<(frame + 1) * width]
    }
    return (own(labels, labeled.frameCount), own(predictions, predicted.frameCount))
  }

  /// The outputs, but for energies, that there are predictions of.
  private var outputs: [OutputDefinition] {
    let others = ["energy", "force", "virial", "fparam", "aparam"]
    let names = predicted.labels.keys.filter { !others.contains($0) }.sorted()
    let outputs = names.map { name in
      OutputDefinition(
        ofLabel: name, width: (predicted.labels[name]?.count ?? 0) / predicted.frameCount)
    }
    // What is the label of the atoms for another one is no property of its own.
    return outputs.filter { output in
      output.width > 0 && !outputs.contains { $0.perAtom && $0.atomName == output.name }
    }
  }

  private func addEnergies(of frame: Int, _ types: [Int], to result: inout Comparisons) {
    let count = Double(max(types.count { $0 >= 0 }, 1))
    if let (label, prediction) = pair("energy", frame) {
      result.add(.energy(perAtom: true), label.map { $0 / count }, prediction.map { $0 / count })
    }
    if let (label, prediction) = pair("virial", frame) {
      result.add(.virial("eV/atom"), label.map { $0 / count }, prediction.map { $0 / count })
    }
    guard let (label, prediction) = pair("force", frame) else { return }
    for (atom, type) in types.enumerated() where type >= 0 {
      let (own, other) = (label.dropFirst(3 * atom).prefix(3), prediction.dropFirst(3 * atom))
      result.add(.force, part: elementName(type, elements), own, other)
    }
  }

  /// Adds the values of atoms: of those of the compared types, which may be the only ones that have
  /// labels.
  private func addAtoms(
    of output: OutputDefinition, _ labels: ArraySlice<Double>, _ predictions: ArraySlice<Double>,
    _ types: [Int], to result: inout Comparisons
  ) throws {
    let width = output.width
    let compared = types.indices.filter { atom in
      types[atom] >= 0
        && comparedTypes?.contains(elementName(types[atom], elements)) != false
    }
    guard predictions.count == width * types.count,
      [types.count, compared.count].contains(where: { labels.count == width * $0 })
    else {
      throw ToolError(
        .data, at: labeled.place,
        "\(output.atomName) has \(counted(labels.count, "number")) in a frame, but there are "
          + "predictions of \(counted(compared.count, "atom")) with \(width) each")
    }
    let hasAll = labels.count == width * types.count
    for (number, atom) in compared.enumerated() {
      let own = labels.dropFirst(width * (hasAll ? atom : number)).prefix(width)
      let other = predictions.dropFirst(width * atom)
      result.add(
        .values(of: output, ofAtoms: true), part: elementName(types[atom], elements), own,
        other)
    }
  }
}
