import Atoms
import Diagnostics

extension AtomicSystem {
  /// Splits a mixed-type system into systems with one set of atoms each, without padding atoms; a
  /// system that is not mixed is returned unchanged.
  ///
  /// Frames with the same types in the same order share a system.  Systems are in the order of
  /// their first frames, and frames keep their order.  The places are `place/formula`.  Throws
  /// `ToolError` of kind `.data` if a frame has no atoms, or if a label does not tell which of its
  /// numbers belong to padding atoms.
  public func unmixed() throws -> [AtomicSystem] {
    if frameTypes == nil { return [self] }
    var order: [[Int]] = [], frames: [[Int]: [Int]] = [:]
    for frame in 0..<frameCount {
      let kept = types(ofFrame: frame).filter { $0 >= 0 }
      guard !kept.isEmpty else {
        throw ToolError(
          .data, at: "\(place), frame \(frame)", "has padding atoms only, expected an atom",
          remedy: "remove the frame from the data")
      }
      if frames[kept] == nil { order.append(kept) }
      frames[kept, default: []].append(frame)
    }
    return try order.map { try system(of: $0, frames: frames[$0] ?? []) }
  }

  private func system(of types: [Int], frames: [Int]) throws -> AtomicSystem {
    let atoms = frames.map { frame in
      self.types(ofFrame: frame).enumerated().filter { $0.element >= 0 }.map(\.offset)
    }
    let isPadded = types.count < atomCount
    var labels: [String: [Double]] = [:]
    for (name, values) in self.labels {
      let width = values.count / frameCount
      let shape = LabelKind(named: name).shape
      labels[name] = try zip(frames, atoms).flatMap { frame, atoms in
        let row = values[frame * width..<(frame + 1) * width]
        return isPadded ? try withoutPadding(row, name, shape, atoms) : Array(row)
      }
    }
    var result = AtomicSystem(
      place: place, typeNames: typeNames, types: types, isPeriodic: isPeriodic,
      frameCount: frames.count,
      positions: zip(frames, atoms).flatMap { frame, atoms in
        rows(positions[frame * 3 * atomCount..<(frame + 1) * 3 * atomCount], of: atoms)
      },
      cells: isPeriodic ? frames.flatMap { cells[$0 * 9..<($0 + 1) * 9] } : [], labels: labels)
    result.place = "\(place)/\(result.formula)"
    return result
  }

  /// The numbers of `atoms` in one frame's `row`, which has the same count of numbers for each
  /// atom.
  private func rows(_ row: ArraySlice<Double>, of atoms: [Int]) -> [Double] {
    let width = row.count / atomCount
    return atoms.flatMap { row[row.startIndex + $0 * width..<row.startIndex + ($0 + 1) * width] }
  }

  private func withoutPadding(
    _ row: ArraySlice<Double>, _ name: String, _ shape: LabelKind.Shape, _ atoms: [Int]
  ) throws -> [Double] {
    switch shape {
    case .atom: return rows(row, of: atoms)
    case .atomPairs:
      let width = 3 * atomCount
      return atoms.flatMap { 3 * $0..<3 * $0 + 3 }.flatMap { line in
        let first = row.startIndex + line * width
        return rows(row[first..<first + width], of: atoms)
      }
    case .frame(nil) where name.hasPrefix("atom"):
      // The label has a number for each atom of selected types, but does not tell which types.
      throw ToolError(
        .data, at: "\(place), \(name)", "cannot be unmixed beside padding atoms",
        remedy: "leave \(name).npy out of the data")
    case .frame: return Array(row)
    }
  }
}
