import Atoms
import DeepPotential
import Diagnostics

/// A caller's request to a model, in float64.
struct Request {
  /// The number of frames, and of atoms in each, ghosts included.
  var frames = 1, atoms = 0
  var coordinates: UnsafePointer<Double>?
  var types: UnsafePointer<CInt>?
  /// Whether each frame has its own types.
  var hasTypesByFrame = false
  var cells: UnsafePointer<Double>?
  var frameParameters: UnsafePointer<Double>?, atomParameters: UnsafePointer<Double>?
  /// The list, its number of ghosts, and whether it is new; nil if neighbors are to be searched
  /// for.
  var list: NeighborList?, ghosts = 0, listIsNew = true

  /// Throws unless the numbers of atoms are valid and all positions are finite.
  func check(typeCount: Int) throws {
    guard frames > 0, atoms >= 0 else {
      throw ToolError(
        .usage, at: "atoms",
        "\(counted(frames, "frame")) of \(counted(atoms, "atom")) are asked for")
    }
    if atoms == 0 { return }
    guard let coordinates, let types else {
      throw ToolError(.usage, at: "atoms", "coordinates or types are NULL")
    }
    for k in 0..<(hasTypesByFrame ? frames : 1) * atoms where types[k] >= typeCount || types[k] < -1
    {
      throw ToolError(
        .data, at: "atom \(k % atoms)",
        "has type \(types[k]), the model has types 0 to \(typeCount - 1)")
    }
    for k in 0..<3 * frames * atoms where !coordinates[k].isFinite {
      throw ToolError(
        .data, at: "atom \(k / 3 % atoms)", "its coordinate \(coordinates[k]) is not a number")
    }
  }

  /// The frame parameters of a frame, by default those of the model, and the atom parameters of
  /// `atoms` atoms.
  func parameters(
    of frame: Int, atoms: Int, for model: EnergyModel
  ) throws -> (frame: [Double], atoms: [Double]) {
    let inputs = model.inputs
    func take(
      _ from: UnsafePointer<Double>?, _ count: Int, _ name: String, or values: [Double]? = nil
    ) throws -> [Double] {
      if count == 0 { return [] }
      if let values, from == nil { return values }
      guard let from else {
        throw ToolError(
          .usage, at: name, "is NULL, but the model needs \(counted(count, "number"))")
      }
      return Array(UnsafeBufferPointer(start: from + frame * count, count: count))
    }
    return (
      try take(
        frameParameters, inputs.frameParameters, "fparam", or: inputs.defaultFrameParameters),
      try take(atomParameters, inputs.atomParameters * atoms, "aparam")
    )
  }

  /// Frame `k`, for a model that searches for the neighbors.
  func frame(_ k: Int, for model: EnergyModel) throws -> Frame {
    try frame(k, parameters(of: k, atoms: atoms, for: model))
  }

  /// Frame `k` for the descriptors of `model`, which do not depend on parameters: these are zeros.
  func frameWithoutParameters(_ k: Int, for model: EnergyModel) throws -> Frame {
    let inputs = model.inputs
    return try frame(
      k,
      (
        Array(repeating: 0, count: inputs.frameParameters),
        Array(repeating: 0, count: inputs.atomParameters * atoms)
      ))
  }

  private func frame(
    _ k: Int, _ parameters: (frame: [Double], atoms: [Double])
  ) throws -> Frame {
    guard let coordinates, let types else { return Frame(types: [], positions: [], cell: nil) }
    let x = coordinates + 3 * k * atoms, types0 = types + (hasTypesByFrame ? k * atoms : 0)
    var cell: Cell?
    if let cells {
      cell = Cell(rows: UnsafeBufferPointer(start: cells + 9 * k, count: 9))
      if cell == nil { throw ToolError(.data, at: "frame \(k)", "its cell spans no volume") }
    }
    return Frame(
      types: (0..<atoms).map { Int(types0[$0]) },
      positions: (0..<atoms).map { SIMD3(x[3 * $0], x[3 * $0 + 1], x[3 * $0 + 2]) }, cell: cell,
      frameParameters: parameters.frame, atomParameters: parameters.atoms)
  }
}

/// The places for results, in float64; nil for results that are not wanted.
struct Results {
  /// Numbers in a value of the output.
  let width: Int
  /// Values of frames, `[width]` each, and of atoms, `[atoms][width]` each.
  var frameValues: UnsafeMutablePointer<Double>?, atomValues: UnsafeMutablePointer<Double>?
  var forces: UnsafeMutablePointer<Double>?
  var virials: UnsafeMutablePointer<Double>?, atomVirials: UnsafeMutablePointer<Double>?

  /// The place for the results number `k`, each for `atoms` atoms.
  func place(_ k: Int, atoms: Int) -> Results {
    Results(
      width: width, frameValues: frameValues.map { $0 + width * k },
      atomValues: atomValues.map { $0 + width * k * atoms },
      forces: forces.map { $0 + 3 * k * atoms }, virials: virials.map { $0 + 9 * k },
      atomVirials: atomVirials.map { $0 + 9 * k * atoms })
  }
}
