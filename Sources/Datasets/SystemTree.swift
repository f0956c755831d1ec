import Atoms
import Diagnostics
import Files

/// Access to the arrays of one system by DeePMD-kit's names, however they are stored.
///
/// A folder of `.npy` files, a group of HDF5 datasets and a folder of `.raw` text conform to it.
package protocol SystemTree {
  /// The system, for messages: a folder, or `file.h5#/group`.
  var place: String { get }
  /// The names at the top: `type.raw`, `nopbc`, `set.000`, ...
  func names() throws -> [String]
  /// The names of the arrays of a set, without `.npy`.
  func arrayNames(inSet set: String) throws -> [String]
  /// The file or dataset of an array, for messages.
  func place(ofArray name: String, inSet set: String) -> String
  /// The type of each atom (`type.raw`).
  func types() throws -> [Int]
  /// The element of each type (`type_map.raw`, which must exist).
  func typeNames() throws -> [String]
  /// The array `name` of a set.
  func array(_ name: String, inSet set: String) throws -> NumericArray
}

extension SystemTree {
  /// Reads the system: all of its sets in the order of their names, one after the other.
  ///
  /// Throws `ToolError` of kind `.data`, for example if only some sets have a label.
  package func readSystem() throws -> AtomicSystem {
    let names = Set(try names())
    let isPeriodic = !names.contains("nopbc")
    let types = try types()
    let setNames = names.filter { $0.hasPrefix("set.") }.sorted()
    warnOfCopies(setNames)
    var sets = try collectingErrors(setNames) {
      try SystemSet($0, of: self, atoms: types.count, isPeriodic: isPeriodic)
    }
    leaveOutUneven(&sets)
    guard let first = sets.first else {
      throw ToolError(
        .data, at: place, "has type.raw, but neither set.* nor coord.raw",
        remedy: "a system has at least one set with coord.npy")
    }
    for set in sets { try requireSameArrays(first, set) }
    let frames = sets.reduce(0) { $0 + $1.frameCount }
    let joined = first.arrays.keys.reduce(into: [String: [Double]]()) { joined, name in
      // A single set is the usual case; it is not copied.
      joined[name] = sets.count == 1 ? first.arrays[name] : sets.flatMap { $0.arrays[name] ?? [] }
    }
    let system = AtomicSystem(
      place: place, typeNames: names.contains("type_map.raw") ? try typeNames() : nil,
      types: types,
      frameTypes: try joined["real_atom_types"].map {
        try NumericArray(shape: [$0.count], values: $0).integers(at: "\(place), real_atom_types")
      },
      isPeriodic: isPeriodic, frameCount: frames, positions: joined["coord"] ?? [],
      cells: joined["box"] ?? [],
      labels: joined.filter { !["coord", "box", "real_atom_types"].contains($0.key) })
    return try system.validated { origin(array: $0, frame: $1, in: sets) }
  }

  /// The file that holds frame `frame` of the system, and the frame's number in it.
  private func origin(array: String, frame: Int, in sets: [SystemSet]) -> String {
    var frame = frame
    for set in sets {
      if frame < set.frameCount {
        let stored = set.storedNames[array] ?? array
        return "\(place(ofArray: stored, inSet: set.name)), frame \(frame)"
      }
      frame -= set.frameCount
    }
    return "\(place), \(array)"
  }

  /// The place of the positions, for messages that count frames.
  var coordName: String {
    place(ofArray: "coord", inSet: "").split(separator: "/").last.map(String.init) ?? "coord"
  }

  /// Warns of sets whose names look like those of copies; they are read, as in DeePMD-kit.
  private func warnOfCopies(_ sets: [String]) {
    for set in sets {
      let original = sets.first { other in
        set.hasPrefix(other) && set.dropFirst(other.count).first?.isNumber == false
      }
      guard let original else { continue }
      Notices.post(
        "\(place): \(set) beside \(original) is read as a set of its own, as DeePMD-kit does; "
          + "if it is a copy, let its name begin with a dot", about: "copy: \(set)")
    }
  }

  /// Leaves out arrays that no energy model needs and that differ between sets or are missing in
  /// some.
  private func leaveOutUneven(_ sets: inout [SystemSet]) {
    let widths = sets.map { set in set.arrays.mapValues { $0.count / max(set.frameCount, 1) } }
    let names = Set(widths.flatMap(\.keys)).filter { !isNeeded($0) }.sorted()
    for name in names where Set(widths.map { $0[name] }).count > 1 {
      for index in sets.indices where sets[index].arrays[name] != nil {
        let stored = sets[index].storedNames[name] ?? name
        sets[index].leaveOut(
          name, at: place(ofArray: stored, inSet: sets[index].name),
          because: "other sets have none like it")
      }
    }
  }

  private func requireSameArrays(_ first: SystemSet, _ other: SystemSet) throws {
    let names = Set(first.arrays.keys).union(other.arrays.keys).sorted()
    for name in names {
      let (a, b) = (first.arrays[name], other.arrays[name])
      guard let a, let b else {
        let (lacking, having) = a == nil ? (first, other) : (other, first)
        throw ToolError(
          .data, at: place, "\(lacking.name) has no \(name), but \(having.name) has",
          remedy: "give every set the same labels, or make the sets systems of their own: "
            + "a missing label is never read as zero")
      }
      guard a.count * other.frameCount == b.count * first.frameCount else {
        throw ToolError(
          .data, at: place(ofArray: other.storedNames[name] ?? name, inSet: other.name),
          "holds \(counted(b.count / other.frameCount, "number")) per frame, "
            + "but that of \(first.name) holds \(a.count / first.frameCount)")
      }
    }
  }
}
