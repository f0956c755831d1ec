import Kernels

/// Which of a tile's numbers are set to zero before an operation runs: each where it is first added
/// to, so that it is in cache then.
struct OperationClears: Sendable {
  /// What the operation makes, if the forward pass adds to it; if the tangent pass does.
  let forward: ValueID?, tangent: ValueID?
  /// The values, and the halos, that it is the first to add to in the backward passes.
  let backward: [ValueID], halos: [Int]
  /// The halos that it sets all numbers of in the backward passes, before others add to them.
  let setHalos: [Int]

  /// What the operations of each stage clear; backward, the last stage comes first.
  static func of(
    _ program: Program, _ isOfTiles: [Bool], _ storage: [ValueID], adjoints: [ValueID]
  ) -> [[OperationClears]] {
    var reached = Set<ValueID>()
    let stages = program.stages.reversed().map { stage in
      var reachedHalos = Set<Int>()
      return stage.reversed().map { operation in
        let out = operation.out, isOwn = isOfTiles[out] && storage[out] == out
        let read = Set(operation.inputs.map { adjoints[$0.value] }).subtracting(reached).filter {
          isOfTiles[$0]
        }
        reached.formUnion(read)
        let halos = Set(operation.inputs.compactMap(\.halo)).subtracting(reachedHalos)
        reachedHalos.formUnion(halos)
        let setHalos = operation.settableHalos(program.values).filter(halos.contains)
        let first = operation.fillingTerm(program.values[out])
        return OperationClears(
          forward: isOwn && !operation.setsAll && first == nil ? out : nil,
          tangent: isOwn && !operation.setsTangents && first?.moves(program) != true ? out : nil,
          backward: read.sorted(), halos: halos.subtracting(setHalos).sorted(),
          setHalos: setHalos)
      }
    }
    return stages.reversed().map { $0.reversed() }
  }
}

extension Operation {
  /// Whether it replaces all numbers of what it makes, instead of adding to them.
  fileprivate var setsAll: Bool {
    switch self {
    case .bilinear(let op): op.dense != nil
    case .map: true
    default: false
    }
  }

  /// The same of tangents.
  fileprivate var setsTangents: Bool {
    if case .bilinear(let op) = self { op.dense != nil } else { false }
  }

  /// The halos whose rows it adds whole rows to, and once: those of whole values that a message
  /// gathers.
  fileprivate func settableHalos(_ values: [Value]) -> [Int] {
    guard case .message(let op) = self else { return [] }
    let all = inputs.compactMap(\.halo)
    return op.layers.flatMap(\.gathered).compactMap { view in
      guard let halo = view.halo, view.width == values[view.value].width,
        all.filter({ $0 == halo }).count == 1
      else { return nil }
      return halo
    }
  }

  /// The term that replaces what was in the rows of `out` before others are added; nil if none
  /// does.
  fileprivate func fillingTerm(_ out: Value) -> Term? {
    switch self {
    case .sum(let op): op.fillingTerm(width: out.width)
    case .message(let op): op.others.fillingTerm(width: out.width)
    default: nil
    }
  }
}

extension Operation.Sum {
  /// The first term, if it fills the sum's rows, which have `width` numbers.
  func fillingTerm(width: Int) -> Operation.Term? {
    guard to == nil, let first = terms.first, first.offset == 0, first.x.width == width else {
      return nil
    }
    return first
  }
}

extension Operation.Term {
  fileprivate func moves(_ program: Program) -> Bool { program.values[x.value].moves }
}
