import Files

extension TorchModel {
  /// The object of a model whose nets, the model `nets` with `descriptor`, a table replaces at
  /// short range; `bias` and the exclusions are those of the whole.
  mutating func withTable(
    _ nets: JSONValue, of descriptor: JSONValue, bias: Tensor, _ excludedTypes: JSONValue,
    _ excludedPairs: JSONValue
  ) throws -> JSONValue {
    let whole = "atomic_model", place = "atomic_model.models.1"
    let reach = try reach(of: descriptor)
    let cutoff = try option("rcut", of: place, [:])?.number ?? reach.cutoff
    // A checkpoint does not have it, and DeePMD-kit's training with PyTorch takes nothing else.
    let decay = try option("smin_alpha", of: whole, [:])?.number ?? 0.1
    guard let inner = try option("sw_rmin", of: whole, input)?.number,
      let outer = try option("sw_rmax", of: whole, input)?.number
    else { throw Unreadable("does not tell sw_rmin and sw_rmax") }
    let zeros = Tensor(repeating: 0, shape: [1, types, 1])
    let table: JSONValue = [
      "@class": "Model", "type": "pairtab", "@version": 2, "type_map": .strings(typeMap),
      "atom_exclude_types": [], "pair_exclude_types": [], "rcond": .null, "preset_out_bias": .null,
      "tab": try table(place, cutoff: cutoff), "rcut": .number(cutoff),
      "sel": .integer(reach.slots),
      "@variables": builder.variables([
        "out_bias": zeros, "out_std": Tensor(repeating: 1, shape: zeros.shape),
      ]),
    ]
    return [
      "@class": "Model", "type": "zbl", "@version": 2, "type_map": .strings(typeMap),
      "atom_exclude_types": excludedTypes, "pair_exclude_types": excludedPairs, "rcond": .null,
      "preset_out_bias": .null, "models": [nets, table], "weights": "mean",
      "sw_rmin": .number(inner), "sw_rmax": .number(outer), "smin_alpha": .number(decay),
      "@variables": builder.variables([
        "out_bias": bias, "out_std": Tensor(repeating: 1, shape: bias.shape),
      ]),
    ]
  }

  /// The object of the table in the module `place`.  The rows that it was made from follow from its
  /// coefficients.
  private mutating func table(_ place: String, cutoff: Double) throws -> JSONValue {
    let info = try needed("\(place).tab_info"), data = try needed("\(place).tab_data")
    guard info.values.count == 4, let intervals = Int(exactly: info.values[2]), intervals > 0,
      info.values[3] == Double(types), data.values.count / intervals == 4 * types * types,
      data.values.count.isMultiple(of: intervals)
    else { throw Unreadable("has a table of pair energies that does not fit its types") }
    let (first, spacing) = (info.values[0], info.values[1])
    func energy(_ row: Int, _ a: Int, _ b: Int) -> Double {
      let start = 4 * (a * types + b) * intervals
      if row < intervals { return data.values[start + 4 * row + 3] }
      return data.values[start + 4 * (intervals - 1)..<start + 4 * intervals].reduce(0, +)
    }
    let rows = (0...intervals).flatMap { row -> [Double] in
      let energies = (0..<types).flatMap { a in (a..<types).map { energy(row, a, $0) } }
      return [first + Double(row) * spacing] + energies
    }
    return [
      "@class": "PairTab", "@version": 1, "rmin": .number(first),
      "rmax": .number(first + Double(intervals) * spacing), "hh": .number(spacing),
      "ntypes": .integer(types), "rcut": .number(cutoff), "nspline": .integer(intervals),
      "@variables": builder.variables([
        "vdata": Tensor(shape: [intervals + 1, rows.count / (intervals + 1)], values: rows),
        "tab_info": Tensor(shape: [4], values: info.values),
        "tab_data": Tensor(shape: [data.values.count], values: data.values),
      ]),
    ]
  }

  /// How far a descriptor looks, in Å, and how many neighbors it takes.
  private func reach(of descriptor: JSONValue) throws -> (cutoff: Double, slots: Int) {
    if let parts = descriptor["list"]?.elements {
      let all = try parts.map(reach)
      return (all.map(\.cutoff).max() ?? 0, all.map(\.slots).max() ?? 0)
    }
    let places = [
      (descriptor, "rcut", "sel"), (descriptor["repinit_args"], "rcut", "nsel"),
      (descriptor["repflow_args"], "e_rcut", "e_sel"),
    ]
    for (object, cutoff, slots) in places {
      guard let cutoff = object?[cutoff]?.number, let given = object?[slots] else { continue }
      let numbers = given.elements?.compactMap(\.whole) ?? given.whole.map { [$0] } ?? []
      return (cutoff, numbers.reduce(0, +))
    }
    throw Unreadable("does not tell how far its descriptor looks")
  }
}
