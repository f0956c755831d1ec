import DeepPotential
import Diagnostics
import Files
import Kernels

extension ValueKind<[Int]> {
  /// Layer widths.
  package static var widths: ValueKind {
    anyWidths.whereIs("a list of one or more layer widths") { !$0.isEmpty }
  }

  /// Layer widths; an empty list for a net without hidden layers.
  static var anyWidths: ValueKind {
    ValueKind<Int>.size(from: 1).list("a list of layer widths, whole numbers from 1 to 65536")
  }

  /// Type indices, each below `limit` if it is not nil.
  package static func types(below limit: Int?) -> ValueKind {
    ValueKind<Int>.count.list("a list of types").whereIs(
      "a list of types below \(limit ?? 0)"
    ) { list in limit.map { limit in list.allSatisfy { $0 < limit } } ?? true }
  }
}

extension ValueKind<[[Int]]> {
  /// Pairs of type indices, each below `limit` if it is not nil.
  package static func pairs(below limit: Int?) -> ValueKind {
    ValueKind<[Int]>.types(below: limit).whereIs("a pair") { $0.count == 2 }
      .list("a list of pairs of types" + (limit.map { " below \($0)" } ?? ""))
  }
}

extension ValueKind<[Int]> {
  /// `sel` of a model: one number for each of `types` types, of which at least one is above 0.
  static func slotNumbers(types: Int?) -> ValueKind {
    ValueKind<Int>.size(from: 0).list("").whereIs(
      "\(types.map { counted($0, "number") } ?? "numbers") of neighbors, one per type"
    ) { list in types.map { $0 == list.count } ?? true && list.contains { $0 > 0 } }
  }

  /// `sel` of a descriptor that has slots for all types together: the number of slots, or a list
  /// whose sum is the number of slots.
  package static var slotNumberOfAllTypes: ValueKind {
    ValueKind(name: "a number of neighbors above 0, or a list of numbers") {
      let one = ValueKind<Int>.size(from: 1).take($0).map { [$0] }
      let list = one ?? ValueKind<Int>.size(from: 0).list("").take($0)
      let sum = (list ?? []).reduce(0, +)
      return sum > 0 && sum <= largestSize ? [sum] : nil
    }
  }
}

extension ValueKind<SlotRule> {
  /// `sel`: `numbers`, which messages call `name`, or "auto" or "auto:factor".
  private static func slots(_ name: String, _ numbers: ValueKind<[Int]>) -> ValueKind {
    ValueKind(name: "\(name), \"auto\" or \"auto:1.1\"") { value in
      if let list = numbers.take(value) { return .given(list) }
      guard case .string(let text) = value else { return nil }
      let words = text.split(separator: ":", omittingEmptySubsequences: false)
      guard words[0] == "auto", words.count <= 2 else { return nil }
      if words.count == 1 { return .automatic(ratio: SlotRule.usualRatio) }
      guard let factor = Double(words[1]), factor >= 1, factor.isFinite else { return nil }
      return .automatic(ratio: factor)
    }
  }

  /// `sel` of a descriptor that has slots for each type: a list of one number per type, "auto" or
  /// "auto:factor".
  package static func slots(types: Int?) -> ValueKind {
    let numbers = types.map { "\(counted($0, "number")), one per type" } ?? "numbers"
    return slots("a list of \(numbers)", .slotNumbers(types: types))
  }

  /// `sel` of a descriptor that has slots for all types together: a number, a list whose sum
  /// counts, "auto" or "auto:factor".
  package static var slotsOfAllTypes: ValueKind { slots("a number", .slotNumberOfAllTypes) }
}

extension ValueKind<Activation> {
  /// `activation_function`.
  package static var activation: ValueKind {
    ValueKind(name: "one of \(Activation.names.joined(separator: ", "))") {
      if case .string(let name) = $0 { Activation(name: name) } else { nil }
    }
  }
}

extension ValueKind<Precision> {
  /// `precision`.
  package static var precision: ValueKind {
    ValueKind(name: "\"float64\", \"float32\" or \"default\" (other formats are not supported)") {
      switch $0 {
      case .string("default"), .string("float64"): .float64
      case .string("float32"): .float32
      default: nil
      }
    }
  }

  /// `precision` in a model file, where NumPy's names "double" and "single" are allowed, too.
  static var precisionInModels: ValueKind {
    ValueKind(name: precision.name) {
      switch $0 {
      case .string("double"): .float64
      case .string("single"): .float32
      default: precision.take($0)
      }
    }
  }
}

extension ValueKind<[Bool]> {
  /// `trainable` of a net of `count` layers: one value for all, or one for each.
  package static func layers(_ count: Int) -> ValueKind {
    ValueKind(name: "true, false, or a list of \(count) of them, one per layer") {
      if case .bool(let all) = $0 { return Array(repeating: all, count: count) }
      let list = ValueKind<Bool>.bool.list("").take($0)
      return list?.count == count ? list : nil
    }
  }
}

extension ValueKind<[Double]?> {
  /// `default_fparam`: null, or a list of one number for each of `count` frame parameters.
  ///
  /// If `mayBeLeftOver` and there are no frame parameters, any list is accepted: it may be left
  /// from a larger `numb_fparam`.
  static func defaults(_ count: Int, mayBeLeftOver: Bool) -> ValueKind {
    let list = ValueKind<Double>.number.list("").whereIs(
      "null or \(counted(count, "number")), as many as numb_fparam"
    ) { list in
      count == 0 && (mayBeLeftOver || list.isEmpty)
        || list.count == count && list.allSatisfy(\.isFinite)
    }
    return ValueKind(name: list.name) {
      if $0 == .null { return .some(nil) }
      return list.take($0).map { count == 0 ? nil : $0 }
    }
  }
}

extension ValueKind<[Double?]> {
  /// `atom_ener`: an empty list, or one number or null per type; a list of nulls counts as empty.
  ///
  /// If `mayBeShort`, lists that end before the last type are accepted.
  static func atomEnergies(types: Int?, mayBeShort: Bool) -> ValueKind {
    let count = types.map(String.init) ?? ""
    let list = ValueKind<Double>.number.orNull.list("").whereIs(
      "a list of \(count) energies or null, one per type"
    ) { list in
      list.isEmpty || types.map { mayBeShort ? list.count <= $0 : list.count == $0 } ?? true
    }
    return ValueKind(name: list.name) {
      list.take($0).map { $0.allSatisfy { $0 == nil } ? [] : $0 }
    }
  }
}
