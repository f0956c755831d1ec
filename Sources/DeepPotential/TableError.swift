import Atoms
import Glibc
import Random

/// The largest differences between predictions with tables and with the embedding nets themselves.
public struct TableError: Sendable {
  /// The largest difference in a component of an atom's value, in the output's unit (energies: eV).
  public private(set) var atomValue = 0.0
  /// The largest difference in a component of a force, in eV/Å.
  public private(set) var force = 0.0

  /// Measures the differences for `model` on four frames of randomly placed atoms.
  ///
  /// The frames are the same in every run; about half of the model's neighbor slots are filled.
  public init(of model: EnergyModel, threads: Int) {
    let direct = Evaluator(threads: threads, tabulates: false)
    let tabulated = Evaluator(threads: threads)
    for number in 0..<4 {
      let frames = [randomFrame(for: model, number: UInt64(number))]
      let a = direct.predict(frames, with: model)[0]
      let b = tabulated.predict(frames, with: model)[0]
      let values = zip(a.atomValues, b.atomValues).map { abs($0 - $1) }
      let forces = zip(a.forces, b.forces).map { difference($0 - $1) }
      atomValue = max(atomValue, values.max() ?? 0)
      force = max(force, forces.max() ?? 0)
    }
  }
}

private func difference(_ v: SIMD3<Double>) -> Double { max(abs(v.x), abs(v.y), abs(v.z)) }

/// A frame of 48 atoms of all types, or of the first `types`.
///
/// No two are closer than 0.8 Å, in a cell so large that about half of the slots are filled.
func randomFrame(for model: EnergyModel, number: UInt64, types: Int = .max) -> Frame {
  let atoms = 48, cutoff = model.descriptor.outerCutoff
  let slots = Double(model.descriptor.slots.reduce(0, +))
  let density = min(0.5 * slots / (4.19 * cutoff * cutoff * cutoff), 0.15)
  let size = max(cbrt(Double(atoms) / density), 4)
  var random = CounterRandom(seed: 1, purpose: "table error", step: number)
  var positions: [SIMD3<Double>] = []
  while positions.count < atoms {
    let candidate = SIMD3(random.uniform(), random.uniform(), random.uniform()) * size
    let isFree = positions.allSatisfy { other in
      var d = candidate - other
      d -= size * (d / size).rounded(.toNearestOrEven)
      return (d * d).sum() > 0.8 * 0.8
    }
    if isFree { positions.append(candidate) }
  }
  return Frame(
    types: (0..<atoms).map { $0 % min(model.typeMap.count, types) }, positions: positions,
    cell: Cell(SIMD3(size, 0, 0), SIMD3(0, size, 0), SIMD3(0, 0, size)),
    frameParameters: Array(repeating: 0, count: model.inputs.frameParameters),
    atomParameters: Array(repeating: 0, count: atoms * model.inputs.atomParameters))
}
