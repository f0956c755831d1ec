import Atoms
import Datasets
import Diagnostics
import Files
import Foundation
import TestSupport

/// Two frames of a water molecule with every label of the catalog, in a triclinic cell.
///
/// The virial is not symmetric, so that a transposed one is noticed.
func labeledWater(periodic: Bool = true) -> AtomicSystem {
  var labels: [String: [Double]] = [:]
  for (seed, kind) in LabelKind.catalog.enumerated() {
    // Free widths: two numbers per frame or atom; atomic tensors for all three atoms.
    let width = kind.width(atoms: 3) ?? (kind.isPerAtom ? 6 : kind.name == "fparam" ? 2 : 9)
    labels[kind.name] = (0..<2 * width).map {
      kind.isInteger ? Double(1 + $0) : sin(Double(7 * seed + $0)) / 3
    }
  }
  if !periodic { labels["virial"] = nil }
  return AtomicSystem(
    place: "water", typeNames: ["O", "H"], types: [1, 0, 1], isPeriodic: periodic, frameCount: 2,
    positions: (0..<18).map { cos(Double($0)) * 3 },
    cells: periodic ? [9, 0, 0, 1, 8, 0, 0.5, -0.25, 7, 9.5, 0, 0, 1, 8, 0, 0, 0, 7] : [],
    labels: labels)
}

/// Two frames of mixed type, the second with a padding atom.
func mixedSystem() -> AtomicSystem {
  AtomicSystem(
    place: "mixed", typeNames: ["O", "H"], types: [0, 0, 0], frameTypes: [1, 0, 1, 0, 1, -1],
    isPeriodic: false, frameCount: 2, positions: (0..<18).map { Double($0) / 7 }, cells: [],
    labels: ["energy": [-1, -2], "force": (0..<18).map { Double($0) / 9 }])
}

extension AtomicSystem {
  /// The same system at another place, so that round trips can be compared whole.
  func moved(to place: String) -> AtomicSystem {
    var result = self
    result.place = place
    return result
  }
}

/// The error that `body` throws, as `place: problem`, several on lines of their own; empty if it
/// throws none or another one.
func message<Result>(_ body: () throws -> Result) -> String {
  do {
    _ = try body()
    return ""
  } catch let error as ToolError {
    return "\(error.place): \(error.problem)"
  } catch let several as ToolErrors {
    return several.errors.map { "\($0.place): \($0.problem)" }.joined(separator: "\n")
  } catch {
    return ""
  }
}

/// Writes the fixture system `name` to `folder` and gives its path.
func copyOfFixture(_ name: String, in folder: URL) throws -> String {
  let target = folder.appending(path: name)
  try FileManager.default.copyItem(
    at: fixtures.appending(path: "data").appending(path: name), to: target)
  return target.path
}

/// Writes an array as the `.npy` file `path`.
func write(_ values: [Double], _ shape: [Int], to path: String) throws {
  try writeWhole(encodeNPY(NumericArray(shape: shape, values: values)), to: path)
}
