import Configuration
import DeepPotential
import Diagnostics
import Files
import Kernels
import Models
import Training

extension TrainingInput {
  /// Reads the file at `path` for a training that starts from `initial`, if there is one.
  ///
  /// With `usingItsScript` the descriptor, the fitting net and the exclusions are those of the
  /// initial model, except which layers are trainable; the file may say anything about them.
  /// Without it, they must be the same in both.  Throws the errors of reading the file, and
  /// `.configuration` for differences from the initial model.
  public init(
    contentsOf path: String, from initial: InitialModel?, usingItsScript: Bool, steps: Int? = nil,
    seed: Int? = nil
  ) throws {
    guard let initial else {
      self = try TrainingInput(contentsOf: path, steps: steps, seed: seed)
      return
    }
    try self.init(
      Self.document(at: path), place: path, from: initial, usingItsScript: usingItsScript,
      steps: steps, seed: seed)
  }

  /// The same for a `document` that is read already, which messages call `place`.
  init(
    _ document: JSONValue, place path: String, from initial: InitialModel, usingItsScript: Bool,
    steps: Int? = nil, seed: Int? = nil
  ) throws {
    var document = document
    let given = document["model"]?.givesSlots ?? []
    if usingItsScript {
      document = try document.withModel(of: initial, place: path)
    }
    document = try document.withTypeMap(initial.stored.model.typeMap, of: initial.path, place: path)
    try self.init(document, place: path, steps: steps, seed: seed)
    if usingItsScript {
      givesSlots = givesSlots.indices.map { given.indices.contains($0) && given[$0] }
    }
    try adopt(initial, usingItsTables: usingItsScript)
  }

  /// Takes over the neighbor slots and the types of `initial`; the input may name only some of the
  /// types.
  ///
  /// Tables of pair energies are those of the initial model, which the input must give, too, unless
  /// it is `usingItsTables`.
  private mutating func adopt(_ initial: InitialModel, usingItsTables: Bool) throws {
    let known = initial.stored.model.typeMap
    if model.fitting.output.mendsFrames, model.typeMap != known,
      !initial.givesDescriptorOnly(to: model)
    {
      throw ToolError(
        .configuration, at: "\(place): model/type_map",
        "is \(model.typeMap.joined(separator: ", ")), but \(initial.path), which mends frames, has "
          + known.joined(separator: ", "),
        remedy: "write the same, or give --head RANDOM to begin with new nets")
    }
    var options = try initial.model(for: model.typeMap, place: place).options
    if initial.givesDescriptorOnly(to: model) {
      // Which atoms have a value belongs to the output.
      (options.fitting, options.excludedAtomTypes) = (model.fitting, model.excludedAtomTypes)
    }
    if initial.givesDescriptorOnly(to: model), model.mixture != nil || options.mixture != nil {
      throw ToolError(
        .configuration, at: "\(place): model",
        "a fine-tuning cannot take the descriptors of a model that adds up nets, nor begin one",
        remedy: "start from a model with one net")
    }
    var mine = model
    // Other parts are other descriptors, which the comparison below reports.
    let theirs = options.descriptor.lists
    if theirs.count == slotRules.count, model.descriptor.lists.count == theirs.count {
      mine.descriptor.setSlots(
        zip(slotRules, theirs).map { rule, list in
          if case .given(let slots) = rule { return slots }
          return list.isMixed ? list.slots : Array(list.slots.prefix(model.typeMap.count))
        })
    }
    if !usingItsTables { try requireSameTables(options, in: initial.path) }
    mine.addTypes(of: options)
    mine.pairPotentials = options.pairPotentials
    mine.descriptor.takeTables(of: options.descriptor)
    try requireSame(
      mine, as: options, in: initial.path, remedy: "write the same, or give --use-pretrain-script",
      anew: "without a model to start from")
    try initial.requireFixedTables(mine.descriptor, place: place)
    model = mine
    // The input's section `model` has no keys for these options.
    model.fitting.excludedTypes = options.fitting.excludedTypes
    if model.fitting.defaultFrameParameters == nil {
      model.fitting.defaultFrameParameters = options.fitting.defaultFrameParameters
    }
    slotRules = mine.descriptor.listSlots.map(SlotRule.given)
  }

  /// The keys of a model that a training may change: no prediction depends on them.
  ///
  /// Tables of pair energies are compared themselves, wherever they were read from.
  static let free: Set = ["trainable", "rcond", "default_fparam", PairPotential.pathKey]

  /// Throws `.configuration` unless the tables of pair energies are those of `options`, which are
  /// the options of the model at `path` and may have further types.
  private func requireSameTables(_ options: ModelOptions, in path: String) throws {
    let mine = model.pairPotentials, types = Array(model.typeMap.indices)
    let theirs = options.pairPotentials.map { $0.reordered(types) }
    guard mine.count == theirs.count, zip(mine, theirs).allSatisfy({ $0.isSame(as: $1) }) else {
      throw ToolError(
        .configuration, at: "\(place): model/\(PairPotential.pathKey)",
        "is another table, or is used in another way, than that in \(path)",
        remedy: "give the same with the same sw_rmin, sw_rmax and smin_alpha, or give "
          + "--use-pretrain-script")
    }
  }

  /// Throws `.configuration` for each difference between `mine` and `options`, which are those of
  /// the model at `path`.
  func requireSame(
    _ mine: ModelOptions, as options: ModelOptions, in path: String, remedy: String, anew: String,
    ignoring ignored: Set<String> = Self.free
  ) throws {
    let differences = mine.definition.differences(
      from: options.definition, at: "model", ignoring: ignored)
    if differences.isEmpty { return }
    throw ToolErrors(
      differences.map { difference in
        let name = difference.path.split(separator: "/").last ?? "", isSlots = name.hasSuffix("sel")
        return ToolError(
          .configuration, at: "\(place): \(difference.path)",
          "is \(difference.mine), but \(difference.other) in \(path)",
          remedy: isSlots
            ? "write \"\(name)\": \"auto\" to take those; others are another model: train it \(anew)"
            : remedy)
      })
  }
}

extension JSONValue {
  /// An input with the model of `initial`, whose types begin with those of the input.
  fileprivate func withModel(of initial: InitialModel, place: String) throws -> JSONValue {
    let given = self["model"]?["type_map"].flatMap(ValueKind.text.list("").take)
    let options = try initial.model(for: given ?? initial.stored.model.typeMap, place: place)
      .options
    guard options.mixture == nil else {
      throw ToolError(
        .configuration, at: place,
        "the model section of \(initial.path), which adds up models, cannot be taken over",
        remedy: "write it into the input, without --use-pretrain-script")
    }
    guard case .object(let definition) = options.definition else { return self }
    // The tables of the model itself are taken, not what is in their files now.
    let ofTables = [PairPotential.pathKey] + NearnessSwitch.keys.map(\.name)
    var input = without(ofTables, in: "model")
    if input["model"] == nil { input.set(["model"], to: [:]) }
    let names = ["trainable", "seed"], fitting = self["model"]?["fitting_net"]
    // A fine-tuning to another output has a fitting net of its own.
    let isOther =
      initial.purpose == .finetune
      && (initial.hasNewFitting
        || (fitting?["type"] ?? "ener") != definition["fitting_net"]?["type"])
    let own = isOther ? ["fitting_net", "atom_exclude_types"] : []
    for (name, value) in definition where !own.contains(name) && !ofTables.contains(name) {
      input.set(["model", name], to: value)
    }
    func value(of name: String, in part: JSONValue?, or trainable: Bool = true) -> JSONValue? {
      part?[name] ?? (name == "trainable" ? .bool(trainable) : nil)
    }
    for name in isOther ? [] : names {
      guard let value = value(of: name, in: fitting) else { continue }
      input.set(["model", "fitting_net", name], to: value)
    }
    let descriptors = self["model"]?.descriptors ?? []
    var model = input["model"] ?? [:]
    model.changeDescriptors { number, descriptor in
      let own = descriptors.indices.contains(number) ? descriptors[number] : nil
      let isFixed =
        options.descriptor.parts.indices.contains(number)
        && !options.descriptor.parts[number].tables.isEmpty
      for name in names {
        descriptor[name] = value(of: name, in: own, or: !isFixed) ?? descriptor[name]
      }
    }
    input.set(["model"], to: model)
    return input
  }
}

extension JSONValue {
  /// The same without the members `names` of its section `section`.
  fileprivate func without(_ names: [String], in section: String) -> JSONValue {
    guard case .object(var members) = self, case .object(var inside)? = members[section] else {
      return self
    }
    for name in names { inside[name] = nil }
    members[section] = .object(inside)
    return .object(members)
  }
}

extension ModelOptions {
  /// Adds the types of `other` that are missing here, with the options of these types.
  fileprivate mutating func addTypes(of other: ModelOptions) {
    let count = typeMap.count
    func isBeyond(_ types: [Int]) -> Bool { types.contains { $0 >= count } }
    typeMap = other.typeMap
    descriptor.parts = descriptor.parts.enumerated().map { k, part in
      guard other.descriptor.parts.indices.contains(k) else { return part }
      var part = part
      if case (.seE2R(var mine), .seE2R(let theirs)) = (part, other.descriptor.parts[k]) {
        // An input does not tell.
        mine.typeOneSide = theirs.typeOneSide
        part = .seE2R(mine)
      }
      let theirs = other.descriptor.parts[k]
      if !part.isMixed { part.slots += theirs.slots.dropFirst(count) }
      part.excludedPairs += theirs.excludedPairs.filter(isBeyond)
      return part
    }
    excludedPairs += other.excludedPairs.filter(isBeyond)
    excludedAtomTypes += other.excludedAtomTypes.filter { $0 >= count }
    if !other.fitting.atomEnergies.isEmpty {
      let mine = fitting.atomEnergies
      fitting.atomEnergies = typeMap.indices.map { type in
        if type >= count { return other.fitting.atomEnergies[type] }
        return mine.indices.contains(type) ? mine[type] : nil
      }
    }
  }
}
