import DeepPotential
import Diagnostics

/// One call that computes: the caller's arguments, in the caller's precision.
struct Call<Scalar: BinaryFloatingPoint> {
  var frames: CInt = 1, atoms: CInt = 0
  var coordinates: UnsafePointer<Scalar>?, types: UnsafePointer<CInt>?
  var cells: UnsafePointer<Scalar>?
  var hasTypesByFrame = false
  /// The neighbor list, the number of ghosts, and 0 if the list is new; nil if neighbors are to be
  /// searched for.
  var list: (OpaquePointer?, ghosts: CInt, ago: CInt)?
  var frameParameters: UnsafePointer<Scalar>?, atomParameters: UnsafePointer<Scalar>?
  var chargeAndSpin: UnsafePointer<Scalar>?
  var energies: UnsafeMutablePointer<Double>?, forces: UnsafeMutablePointer<Scalar>?
  var virials: UnsafeMutablePointer<Scalar>?
  var atomEnergies: UnsafeMutablePointer<Scalar>?, atomVirials: UnsafeMutablePointer<Scalar>?

  /// Makes every model behind `pointer` answer.
  func run(on pointer: OpaquePointer?) {
    LoadedModels.attempt(pointer) { loaded in
      try check(models: loaded.models.count)
      let memory = Float64Memory<Scalar>()
      var request = request(loaded.models[0], memory)
      if list != nil { ignoreUnknownTypes(in: &request, loaded.models[0], memory) }
      try request.check(typeCount: loaded.models[0].model.typeMap.count)
      if let list {
        guard let neighbors = NeighborList.at(list.0) else {
          throw ToolError(.usage, at: "neighbor list", "is NULL")
        }
        request.list = neighbors
      }
      let results = results(
        loaded.models.count * request.frames, of: loaded.models[0].model.output, memory)
      for (k, model) in loaded.models.enumerated() {
        let place = results.place(k, atoms: request.atoms)
        if let list = request.list {
          try model.answer(request, list, into: place)
        } else {
          try model.answer(request, into: place)
        }
      }
      memory.copyBack()
    }
  }

  private func check(models: Int) throws {
    if chargeAndSpin != nil {
      throw ToolError(.usage, at: "charge_spin", "is given, but the model has no such input")
    }
    if models > 1 && frames != 1 {
      throw ToolError(
        .usage, at: "nframes", "is \(frames); several models answer for one frame at a time")
    }
    if let list, list.ghosts < 0 || list.ghosts > atoms {
      throw ToolError(
        .usage, at: "atoms",
        "\(counted(Int(atoms), "atom is", "atoms are")) given with a neighbor list of "
          + counted(Int(list.ghosts), "ghost"))
    }
  }

  /// Gives type -1 to atoms of types that the model does not have, as DeePMD-kit does for atoms
  /// with a list.
  private func ignoreUnknownTypes(
    in request: inout Request, _ model: LoadedModel, _ memory: Float64Memory<Scalar>
  ) {
    let known = CInt(-1)..<CInt(model.model.typeMap.count)
    let given = UnsafeBufferPointer(start: types, count: types == nil ? 0 : request.atoms)
    guard let unknown = given.first(where: { !known.contains($0) }) else { return }
    model.warnOfUnknownType(unknown)
    request.types = memory.copy(given.map { known.contains($0) ? $0 : -1 })
  }

  private func request(_ model: LoadedModel, _ memory: Float64Memory<Scalar>) -> Request {
    let frames = Int(max(frames, 0)), atoms = Int(max(atoms, 0))
    let ghosts = Int(list?.ghosts ?? 0), inputs = model.model.inputs
    var request = Request()
    (request.frames, request.atoms) = (Int(self.frames), Int(self.atoms))
    request.coordinates = memory.input(coordinates, 3 * frames * atoms)
    request.types = types
    request.hasTypesByFrame = hasTypesByFrame
    request.cells = list == nil ? memory.input(cells, 9 * frames) : nil
    request.frameParameters = memory.input(frameParameters, frames * inputs.frameParameters)
    request.atomParameters = memory.input(
      atomParameters, frames * max(atoms - ghosts, 0) * inputs.atomParameters)
    request.ghosts = ghosts
    request.listIsNew = list?.ago == 0
    return request
  }

  private func results(
    _ count: Int, of output: OutputDefinition, _ memory: Float64Memory<Scalar>
  ) -> Results {
    let atoms = Int(atoms)
    return Results(
      width: output.width, frameValues: energies,
      atomValues: memory.output(atomEnergies, output.width * count * atoms),
      forces: memory.output(forces, 3 * count * atoms),
      virials: memory.output(virials, 9 * count),
      atomVirials: memory.output(atomVirials, 9 * count * atoms))
  }
}

/// The caller's numbers as float64: the caller's memory, or copies for the duration of one call if
/// the caller uses float32.
private final class Float64Memory<Scalar: BinaryFloatingPoint> {
  private var copies: [UnsafeMutableRawPointer] = []
  private var outputs: [(UnsafeMutablePointer<Double>, UnsafeMutablePointer<Scalar>, Int)] = []

  deinit { for copy in copies { copy.deallocate() } }

  func input(_ numbers: UnsafePointer<Scalar>?, _ count: Int) -> UnsafePointer<Double>? {
    guard let numbers else { return nil }
    if Scalar.self == Double.self {
      return UnsafeRawPointer(numbers).assumingMemoryBound(to: Double.self)
    }
    let copy = allocate(count)
    for k in 0..<count { copy[k] = Double(numbers[k]) }
    return UnsafePointer(copy)
  }

  func output(
    _ numbers: UnsafeMutablePointer<Scalar>?, _ count: Int
  ) -> UnsafeMutablePointer<Double>? {
    guard let numbers else { return nil }
    if Scalar.self == Double.self {
      return UnsafeMutableRawPointer(numbers).assumingMemoryBound(to: Double.self)
    }
    let copy = allocate(count)
    outputs.append((copy, numbers, count))
    return copy
  }

  /// A copy of `values` for the duration of the call.
  func copy(_ values: [CInt]) -> UnsafePointer<CInt> {
    let copy = UnsafeMutablePointer<CInt>.allocate(capacity: max(values.count, 1))
    for (k, value) in values.enumerated() { copy[k] = value }
    copies.append(copy)
    return UnsafePointer(copy)
  }

  /// Writes results in copies back to the caller's memory.
  func copyBack() {
    for (copy, numbers, count) in outputs {
      for k in 0..<count { numbers[k] = Scalar(copy[k]) }
    }
  }

  private func allocate(_ count: Int) -> UnsafeMutablePointer<Double> {
    let copy = UnsafeMutablePointer<Double>.allocate(capacity: max(count, 1))
    copies.append(copy)
    return copy
  }
}
