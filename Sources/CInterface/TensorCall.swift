import DeepPotential
import Diagnostics
import Glibc

/// One call for a tensor: the caller's arguments, in the caller's precision.
///
/// Derivatives are by component, `[width][atoms][3]` and `[width][atoms][9]`, as DeePMD-kit's C++
/// interface defines them.
struct TensorCall<Scalar: BinaryFloatingPoint> {
  var atoms: CInt = 0
  var coordinates: UnsafePointer<Scalar>?, types: UnsafePointer<CInt>?
  var cell: UnsafePointer<Scalar>?
  /// The neighbor list and the number of ghosts; nil if neighbors are to be searched for.
  var list: (OpaquePointer?, ghosts: CInt)?
  var tensor: UnsafeMutablePointer<Scalar>?, forces: UnsafeMutablePointer<Scalar>?
  var virials: UnsafeMutablePointer<Scalar>?, atomVirials: UnsafeMutablePointer<Scalar>?

  /// Makes the model behind `pointer` answer; gives the tensor and those of the own atoms of
  /// selected types, nil after an error.
  func run(on pointer: OpaquePointer?) -> (tensor: [Double], atoms: [Double])? {
    var found: (tensor: [Double], atoms: [Double])?
    LoadedModels.attempt(pointer) { loaded in found = try answer(of: loaded.models[0]) }
    return found
  }

  private var wantsDerivatives: Bool { forces != nil || virials != nil || atomVirials != nil }

  private func answer(of model: LoadedModel) throws -> ([Double], [Double]) {
    let ghosts = Int(list?.ghosts ?? 0), count = Int(max(atoms, 0))
    guard ghosts >= 0, ghosts <= count else {
      throw ToolError(
        .usage, at: "atoms", "\(count) are given with a neighbor list of \(ghosts) ghosts")
    }
    let positions = (0..<(coordinates == nil ? 0 : 3 * count)).map { Double(coordinates?[$0] ?? 0) }
    let known = CInt(-1)..<CInt(model.model.typeMap.count)
    let types = (0..<(self.types == nil ? 0 : count)).map { self.types?[$0] ?? -1 }
      .map { list != nil && !known.contains($0) ? -1 : $0 }
    let cell = self.cell.map { cell in (0..<9).map { Double(cell[$0]) } }
    return try positions.withUnsafeBufferPointer { positions in
      try types.withUnsafeBufferPointer { types in
        try (cell ?? []).withUnsafeBufferPointer { rows in
          var request = Request()
          (request.atoms, request.ghosts) = (count, ghosts)
          (request.coordinates, request.types) = (positions.baseAddress, types.baseAddress)
          if cell != nil && list == nil { request.cells = rows.baseAddress }
          try request.check(typeCount: model.model.typeMap.count)
          return try answer(request, of: model)
        }
      }
    }
  }

  private func answer(
    _ request: Request, of model: LoadedModel
  ) throws -> ([Double], [Double]) {
    let width = model.model.output.width, own = request.atoms - request.ghosts
    var sums = Array(repeating: 0.0, count: width)
    var values = Array(repeating: 0.0, count: width * own)
    for component in 0..<(wantsDerivatives ? width : 1) {
      let wanted = wantsDerivatives ? component : nil
      let found =
        try list == nil
        ? searched(request, wanted, model) : listed(request, wanted, model)
      if component == 0 { (sums, values) = (found.sums, found.values) }
      try model.require(found.sums)
      put(found.forces, at: forces, component)
      put(found.virial, at: virials, component)
      put(found.atomVirials, at: atomVirials, component)
      model.warn()
    }
    put(sums, at: tensor, 0)
    let selected = Set(model.selectedTypes)
    let atoms = (0..<own).filter { selected.contains(Int(request.types?[$0] ?? -1)) }
    return (sums, atoms.flatMap { values[$0 * width..<($0 + 1) * width] })
  }

  private func searched(
    _ request: Request, _ component: Int?, _ model: LoadedModel
  ) throws -> Found {
    let frame = try request.frame(0, for: model.model)
    guard let component else {
      let prediction = model.evaluator.predict([frame], with: model.model)[0]
      return Found(sums: prediction.frameValue, values: prediction.atomValues)
    }
    let prediction = model.evaluator.derivatives(
      of: [frame], with: model.model, components: component..<component + 1)[0][0]
    return Found(
      sums: prediction.frameValue, values: prediction.atomValues,
      forces: prediction.forces.flatMap { [$0.x, $0.y, $0.z] }, virial: prediction.virial.rows,
      atomVirials: prediction.atomVirials.flatMap(\.rows))
  }

  private func listed(
    _ request: Request, _ component: Int?, _ model: LoadedModel
  ) throws -> Found {
    let own = request.atoms - request.ghosts, width = model.model.output.width
    guard let neighbors = NeighborList.at(list?.0) else {
      throw ToolError(.usage, at: "neighbor list", "is NULL")
    }
    var found = Found(sums: [], values: Array(repeating: 0, count: width * own))
    let none = model.passesMessages ? ListedAtoms.none : nil
    guard let positions = request.coordinates ?? none?.positions,
      let types = request.types ?? none?.types
    else {
      found.sums = ListedSums(of: model.model.output).frameValue
      return found
    }
    found.forces = Array(repeating: 0, count: component == nil ? 0 : 3 * request.atoms)
    found.atomVirials = Array(
      repeating: 0, count: component == nil || atomVirials == nil ? 0 : 9 * request.atoms)
    try neighbors.withLists(own: own) { lists, counts in
      var atoms = ListedAtoms(
        ownCount: own, count: request.atoms, positions: positions, types: types, lists: lists,
        listCounts: counts, mask: neighbors.mask)
      (atoms.frameParameters, atoms.atomParameters) = try request.parameters(
        of: 0, atoms: own, for: model.model)
      if model.passesMessages {
        atoms.ghosts = try neighbors.ghostSwaps(own: own, count: request.atoms)
      }
      try atoms.checkLists()
      let sums = found.fill { places in
        model.evaluator.predict(atoms, with: model.model, derivativesOf: component, into: places)
      }
      (found.sums, found.virial) = (sums.frameValue, component == nil ? [] : sums.virial.rows)
    }
    return found
  }

  /// Writes the numbers of one component behind those of the components before it.
  private func put(
    _ numbers: [Double], at place: UnsafeMutablePointer<Scalar>?, _ component: Int
  ) {
    guard let place else { return }
    for (k, number) in numbers.enumerated() {
      place[component * numbers.count + k] = Scalar(number)
    }
  }
}

/// What a model says of all atoms, with the derivatives of one component.
private struct Found {
  var sums: [Double], values: [Double]
  var forces: [Double] = [], virial: [Double] = [], atomVirials: [Double] = []
}

extension Found {
  /// Lets `body` write into the memory of the values and derivatives.
  fileprivate mutating func fill(_ body: (ListedPrediction) -> ListedSums) -> ListedSums {
    values.withUnsafeMutableBufferPointer { values in
      forces.withUnsafeMutableBufferPointer { forces in
        atomVirials.withUnsafeMutableBufferPointer { atomVirials in
          var places = ListedPrediction()
          places.atomValues = values.baseAddress
          if !forces.isEmpty { places.forces = forces.baseAddress }
          if !atomVirials.isEmpty { places.atomVirials = atomVirials.baseAddress }
          return body(places)
        }
      }
    }
  }
}

/// Hands `numbers` to a caller in C++, who deletes them as an array; nil gives a size of 0 alone.
func handOver<Scalar: BinaryFloatingPoint>(
  _ numbers: [Double]?, at place: UnsafeMutablePointer<UnsafeMutablePointer<Scalar>?>?,
  _ size: UnsafeMutablePointer<CInt>?
) {
  size?.pointee = CInt(numbers?.count ?? 0)
  guard let numbers, let place else { return }
  let bytes = max(numbers.count, 1) * MemoryLayout<Scalar>.stride
  guard let memory = newArray(bytes) else { return }
  let array = memory.bindMemory(to: Scalar.self, capacity: numbers.count)
  for (k, number) in numbers.enumerated() { array[k] = Scalar(number) }
  place.pointee = array
}

/// Memory from C++'s `operator new[]` if the program has it, since callers use `delete[]`;
/// otherwise from `malloc`, which `free` takes.
private func newArray(_ bytes: Int) -> UnsafeMutableRawPointer? {
  typealias Allocate = @convention(c) (Int) -> UnsafeMutableRawPointer?
  if let symbol = dlsym(nil, "_Znam") {
    return unsafeBitCast(symbol, to: Allocate.self)(bytes)
  }
  return malloc(bytes)
}
