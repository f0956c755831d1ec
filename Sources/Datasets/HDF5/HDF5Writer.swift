import Atoms
import Diagnostics
import Files
import HDF5

/// Writes `systems` to the HDF5 file `path` in the layout of DeePMD-kit and dpdata.
///
/// Each system is a group directly below the root, where DeePMD-kit looks for it, and has its
/// content digest as an attribute.  `provenance` becomes attributes of the root, which those
/// programs ignore.  Each array is one block of the file; behind the last one, an index gives the
/// places of all.  Equal input gives equal bytes.  Returns the names of the groups.  Throws
/// `ToolError`: `.cannotCreate` or `.io`; the old file then stays unchanged.
@discardableResult
public func writeSystems(
  _ systems: [AtomicSystem], toHDF5 path: String, provenance: [String: String] = [:]
) throws -> [String] {
  let names = systemNames(systems), digests = systems.map(\.contentDigest)
  // The file is made in memory because libhdf5 crashes if it cannot finish a file on a full disk.
  try SealedFile.writeWithText(to: path) { file in
    try file.setAttribute(formatAttribute, of: "/", to: dataFormat)
    try file.setAttribute(listAttribute, of: "/", to: listDigest(Array(zip(names, digests))))
    for key in provenance.keys.sorted() {
      try file.setAttribute(key, of: "/", to: provenance[key] ?? "")
    }
    var index: [DataIndex.System] = []
    for (number, name) in names.enumerated() {
      index.append(try write(systems[number], to: file, name: name, digest: digests[number]))
      try file.setAttribute(digestAttribute, of: "/\(name)", to: digests[number])
    }
    let text = DataIndex(index).text
    return text + IndexPlace.mark(length: text.utf8.count)
  }
  return names
}

/// Writes `system` as the group `name`; returns the places of its numbers.
private func write(
  _ system: AtomicSystem, to file: borrowing HDF5File, name: String, digest: String
) throws -> DataIndex.System {
  let group = "/\(name)"
  try file.createGroup(group)
  let types = system.frameTypes == nil ? system.types : system.types.map { _ in 0 }
  let typesOffset = try file.write(types, shape: [types.count], to: "\(group)/type.raw")
  if let names = system.typeNames {
    // dpdata decodes names in fixed-length ASCII only.
    try file.writeASCII(names, shape: [names.count], to: "\(group)/type_map.raw")
  }
  if !system.isPeriodic { try file.write([true], shape: [], to: "\(group)/nopbc") }
  var index = DataIndex.System(
    name: name, digest: digest, frameCount: system.frameCount, isPeriodic: system.isPeriodic,
    typeNames: system.typeNames, atomCount: types.count, typesOffset: typesOffset ?? 0)
  for set in system.sets {
    for (name, array, isInteger) in system.arrays(of: set.frames) {
      let dataset = "\(group)/\(set.name)/\(name).npy"
      let offset =
        isInteger
        ? try file.write(
          array.integers(at: "\(system.place), \(name)"), shape: array.shape, to: dataset)
        : try file.write(array.values, shape: array.shape, to: dataset)
      index.add(name, width: array.shape[1], offset: offset ?? 0)
    }
  }
  return index
}
