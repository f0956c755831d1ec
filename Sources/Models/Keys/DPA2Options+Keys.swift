import DeepPotential
import Files

extension DPA2Options {
  /// The object with the keys of both first blocks.
  package static let repinit = KeyGroup(name: "repinit", nameInModels: "repinit_args")
  /// The object with the keys of the layers that exchange messages.
  package static let repformer = KeyGroup(name: "repformer", nameInModels: "repformer_args")

  /// The keys of a descriptor `dpa2` outside of these objects; `types` is the number of types, nil
  /// if it is not known.
  package static func keys(types: Int?) -> [Key<DPA2Options>] {
    let local = ["precision", "trainable", "exclude_types", "env_protection"]
    let ofTypes = ["concat_output_tebd", "use_tebd_bias", "use_econf_tebd"]
    return localKeys(types: types, local) + typeKeys(ofTypes) + [
      Key("smooth", \.first.isSmooth, .bool, "whether gates and attention vanish smoothly"),
      Key(
        "add_tebd_to_repinit_out", or: ["repformer_add_type_ebd_to_seq"], \.addsTypes, .bool,
        in: .allButOldModels,
        "whether the type embedding is added to what `repinit` makes"),
    ]
  }

  /// The keys of the object `repinit`.
  package static var repinitKeys: [Key<DPA2Options>] {
    let local = ["neuron", "activation_function", "resnet_dt", "set_davg_zero"]
    return cutoffKeys + localKeys(types: nil, local) + typeKeys(["tebd_dim", "tebd_input_mode"])
      + [
        Key(
          "axis_neuron", \.first.axisWidth, .size(from: 1),
          "axis width, at most the last layer width"),
        Key(
          "type_one_side", \.first.typeOneSide, .bool,
          "whether only the neighbor's type counts, not the center's"),
      ] + threeBodyKeys
  }

  private static var cutoffKeys: [Key<DPA2Options>] {
    [
      Key("rcut", \.first.outerCutoff, .positive, "outer cutoff in Å").required,
      Key("rcut_smth", \.first.innerCutoff, .nonNegative, "inner cutoff in Å, below `rcut`")
        .required,
      Key("nsel", \.firstSlots, .slotCount, "neighbor slots, as `sel`").ofSlots.required,
    ]
  }

  private static var threeBodyKeys: [Key<DPA2Options>] {
    [
      Key(
        "use_three_body", \.usesThreeBody, .bool, in: .allButOldModels,
        "whether there is a three-body embedding, too"),
      Key(
        "three_body_neuron", \.threeBody.neuron, .widths, in: .allButOldModels,
        "layer widths of its nets"),
      Key(
        "three_body_rcut", \.threeBody.outerCutoff, .positive, in: .allButOldModels,
        "its outer cutoff in Å, at most `rcut`"),
      Key(
        "three_body_rcut_smth", \.threeBody.innerCutoff, .nonNegative, in: .allButOldModels,
        "its inner cutoff in Å"),
      Key(
        "three_body_sel", \.threeBody.slots, .slotCount, in: .allButOldModels,
        "its neighbor slots, as `sel`, at most `nsel`"
      ).ofSlots,
    ]
  }

  private static func localKeys(types: Int?, _ names: [String]) -> [Key<DPA2Options>] {
    LocalOptions.keys(types: types, isMixed: true).filter { names.contains($0.name) }
      .map { $0.withoutAliases.within(\.first.local) }
  }

  private static func typeKeys(_ names: [String]) -> [Key<DPA2Options>] {
    TypeEmbeddingOptions.keys.filter { names.contains($0.name) }.map { $0.within(\.first.types) }
  }

  private var firstSlots: Int {
    get { first.slotCount }
    set { first.slots = [newValue] }
  }
}

extension DPA2Options {
  /// The JSON members for these options, for a model file or for an input.
  func members(types: Int?, forModels: Bool) -> [String: JSONValue] {
    let groups = [
      Self.repinit: Self.repinitKeys.members(of: self, forModels: forModels),
      Self.repformer: RepformerOptions.keys.members(of: messages, forModels: forModels),
    ]
    return Self.keys(types: types).members(of: self, forModels: forModels).merging(
      groups.map { (forModels ? $0.nameInModels : $0.name, .object($1)) }
    ) { $1 }
  }

  /// The keys whose values contradict those of other keys.
  package var conflicts: [KeyConflict] {
    var found = first.conflicts.map { $0.inside(Self.repinit) }
    if usesThreeBody { found += threeBodyConflicts }
    return found + messages.conflicts.map { $0.inside(Self.repformer) } + conflictsOfBoth
  }

  private var threeBodyConflicts: [KeyConflict] {
    func conflict(_ name: String, _ expected: String) -> KeyConflict {
      KeyConflict(name: name, expected: expected).inside(Self.repinit)
    }
    let own = threeBody
    var found: [KeyConflict] = []
    if own.innerCutoff >= own.outerCutoff {
      found.append(
        conflict("three_body_rcut_smth", "less than three_body_rcut, \(own.outerCutoff)"))
    }
    if own.outerCutoff > first.outerCutoff {
      found.append(conflict("three_body_rcut", "at most rcut, \(first.outerCutoff)"))
    }
    if first.slotCount > 0, own.slots > first.slotCount {
      found.append(conflict("three_body_sel", "at most nsel, \(first.slotCount)"))
    }
    return found
  }

  /// DeePMD-kit takes messages only from some of the neighbors of the first block.
  private var conflictsOfBoth: [KeyConflict] {
    func conflict(_ name: String, _ expected: String) -> KeyConflict {
      KeyConflict(name: name, expected: expected).inside(Self.repformer)
    }
    var found: [KeyConflict] = []
    if messages.outerCutoff >= first.outerCutoff {
      found.append(conflict("rcut", "less than rcut of repinit, \(first.outerCutoff)"))
    }
    if first.slotCount > 0, messages.slots >= first.slotCount {
      found.append(conflict("nsel", "less than nsel of repinit, \(first.slotCount)"))
    }
    return found
  }

  /// Whether DeePMD-kit does not read the layer behind the first blocks from a file: it takes the
  /// width of the first block for that of all, and goes on with random numbers.
  package var losesShape: Bool {
    usesThreeBody && firstWidth == messages.nodeWidth && blockWidth != messages.nodeWidth
  }
}

extension KeyConflict {
  /// The same conflict in an object inside of the descriptor.
  fileprivate func inside(_ group: KeyGroup) -> KeyConflict {
    var conflict = self
    conflict.group = group
    return conflict
  }
}

extension ValueKind<Int> {
  /// A number of neighbor slots for all types together; of a list the sum counts.
  static var slotCount: ValueKind {
    let numbers = ValueKind<[Int]>.slotNumberOfAllTypes
    return ValueKind(name: numbers.name) { numbers.take($0)?.first }
  }
}
