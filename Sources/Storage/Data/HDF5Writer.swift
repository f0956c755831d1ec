import Atoms
import Diagnostics
import HDF5

/// About as many numbers as one checksummed block of a dataset holds: 1 MiB.
private let numbersPerBlock = 1 << 17

/// Writes `systems` to the HDF5 file `path` in the layout that DeePMD-kit and dpdata read.
///
/// Each system is a group directly below the root, where DeePMD-kit looks, with its content digest as
/// an attribute; `provenance` becomes attributes of the root, which those programs ignore.
/// Equal input gives equal bytes.  Returns the names of the groups.
/// Throws `ToolError`: `.cannotCreate` or `.io`, the old file then stays as it was.
@discardableResult
public func writeSystems(
  _ systems: [AtomicSystem], toHDF5 path: String, provenance: [String: String] = [:]
) throws -> [String] {
  let names = systemNames(systems), digests = systems.map(\.contentDigest)
  // Made in memory: libhdf5 crashes when the disk is full and it may not finish a file of its own.
  try SealedFile.write(to: path) { file in
    try file.setAttribute(formatAttribute, of: "/", to: dataFormat)
    try file.setAttribute(listAttribute, of: "/", to: listDigest(Array(zip(names, digests))))
    for key in provenance.keys.sorted() {
      try file.setAttribute(key, of: "/", to: provenance[key] ?? "")
    }
    for (index, name) in names.enumerated() {
      try write(systems[index], to: file, group: "/\(name)")
      try file.setAttribute(digestAttribute, of: "/\(name)", to: digests[index])
    }
  }
  return names
}

private func write(
  _ system: AtomicSystem, to file: borrowing HDF5File, group: String
) throws {
  try file.createGroup(group)
  let types = system.frameTypes == nil ? system.types : system.types.map { _ in 0 }
  try file.write(
    types, shape: [types.count], to: "\(group)/type.raw", layout: .chunked(rows: types.count))
  if let names = system.typeNames {
    // dpdata decodes names in fixed-length ASCII only.
    try file.writeASCII(names, shape: [names.count], to: "\(group)/type_map.raw")
  }
  if !system.isPeriodic { try file.write([true], shape: [], to: "\(group)/nopbc") }
  for set in system.sets {
    for (name, array, isInteger) in system.arrays(of: set.frames) {
      let dataset = "\(group)/\(set.name)/\(name).npy"
      let rows = max(1, numbersPerBlock / max(1, array.shape[1]))
      if isInteger {
        let values = try array.integers(at: "\(system.place), \(name)")
        try file.write(values, shape: array.shape, to: dataset, layout: .chunked(rows: rows))
      } else {
        try file.write(array.values, shape: array.shape, to: dataset, layout: .chunked(rows: rows))
      }
    }
  }
}
