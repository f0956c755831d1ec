/// What defines a `hybrid` descriptor: its parts.
public struct HybridOptions: DescriptorPartOptions {
  /// The parts, at least one, all of one precision; none of them is a hybrid.
  public var parts: [DescriptorOptions]

  /// Makes a hybrid of `parts`.
  public init(_ parts: [DescriptorOptions] = []) { self.parts = parts }

  /// The same as one of the kinds.
  public var wrapped: DescriptorOptions { .hybrid(self) }
  /// Whether some part has slots for all types together; then the fitting net is for all types.
  public var isMixed: Bool { parts.contains(where: \.isMixed) }

  /// The lists of all parts.
  public var lists: [ListOptions] { parts.flatMap(\.lists) }

  /// Gives each list of each part its neighbor slots.
  public mutating func setSlots(_ slots: [[Int]]) {
    precondition(slots.count == lists.count, "slots of each list")
    var next = 0
    for k in parts.indices {
      let count = parts[k].lists.count
      parts[k].setSlots(Array(slots[next..<next + count]))
      next += count
    }
  }

  /// The neighbors that the parts choose theirs from, and their precision: what it says of nets
  /// means nothing.  It cannot be set.
  ///
  /// They are those within the longest cutoff.  Of each type as many count as the part with most
  /// slots has for it; if a part is mixed, as many of all types as the part with most slots has.
  /// Source: DeePMD-kit's `DescrptHybrid.get_sel`.
  public var local: LocalOptions {
    get {
      var local = LocalOptions()
      local.innerCutoff = parts.map(\.innerCutoff).min() ?? local.innerCutoff
      local.outerCutoff = parts.map(\.outerCutoff).max() ?? local.outerCutoff
      local.precision = parts.first?.precision ?? local.precision
      local.slots = mostSlots(parts.map(\.slots), isMixed: isMixed)
      return local
    }
    set { precondition(newValue == local, "the options of a hybrid are those of its parts") }
  }
}

extension DescriptorOptions {
  /// The descriptors whose rows, side by side, are its row: itself, or the parts of a hybrid.
  public var parts: [DescriptorOptions] {
    get { if case .hybrid(let options) = self { options.parts } else { [self] } }
    set {
      if case .hybrid = self {
        self = .hybrid(HybridOptions(newValue))
      } else {
        precondition(newValue.count == 1, "only a hybrid has several parts")
        self = newValue[0]
      }
    }
  }
  /// The places of the parts in an input: `model/descriptor`, or `model/descriptor/list[0]` and so
  /// on.
  public var partPlaces: [String] {
    guard case .hybrid(let options) = self else { return ["model/descriptor"] }
    return options.parts.indices.map { "model/descriptor/list[\($0)]" }
  }

  /// The names of the parts in texts for people: `list[0]` and so on, or `descriptor`.
  public var partNames: [String] {
    partPlaces.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
  }

  /// The places of the neighbor slots of its lists in an input: `model/descriptor/sel` and so on.
  public var slotPlaces: [String] {
    zip(partPlaces, parts).flatMap { place, part in
      part.lists.map { "\(place)/\($0.slotKey)" }
    }
  }

  /// Changes the slots of lists that are `automatic`, where a descriptor asks for some order of
  /// its lists.
  public mutating func orderSlots(automatic: [Bool]) {
    var rest = automatic[...]
    parts = parts.map { part in
      let own = rest.prefix(part.lists.count)
      rest = rest.dropFirst(own.count)
      guard case .dpa2(var options) = part else { return part }
      options.orderSlots(automatic: Array(own))
      return .dpa2(options)
    }
  }

  /// The neighbor slots of each list.
  public var listSlots: [[Int]] { lists.map(\.slots) }
  /// The cutoffs of the lists, in Å.
  public var cutoffs: [Double] { lists.map(\.outerCutoff) }
}

/// The most slots of each type, or of all types together if `isMixed`, that one of several parts
/// has: see `HybridOptions.local`.
func mostSlots(_ parts: [[Int]], isMixed: Bool) -> [Int] {
  if isMixed { return [parts.map { $0.reduce(0, +) }.max() ?? 0] }
  return parts.dropFirst().reduce(parts.first ?? []) { zip($0, $1).map(max) }
}
