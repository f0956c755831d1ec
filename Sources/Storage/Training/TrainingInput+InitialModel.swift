import DeepPotential
import Diagnostics
import Training

extension TrainingInput {
  /// Reads the file at `path` for a training that starts from `initial`, if there is one.
  ///
  /// With `usingItsScript` the descriptor, the fitting net and exclusions are those of the initial model, whatever the
  /// file says of them, but for what is trainable; else they must be the same.  Throws what reading the file throws,
  /// and `.configuration` for what does not fit the initial model.
  public init(
    contentsOf path: String, from initial: InitialModel?, usingItsScript: Bool, steps: Int? = nil,
    seed: Int? = nil
  ) throws {
    guard let initial else {
      self = try TrainingInput(contentsOf: path, steps: steps, seed: seed)
      return
    }
    var document = try Self.document(at: path)
    if usingItsScript { document = try document.withModel(of: initial, place: path) }
    document = try document.withTypeMap(initial.stored.model.typeMap, of: initial.path, place: path)
    try self.init(document, place: path, steps: steps, seed: seed)
    try adopt(initial)
  }

  /// Takes over the neighbor slots and the types of `initial`, of which the input may name a part.
  private mutating func adopt(_ initial: InitialModel) throws {
    let options = try initial.model(for: model.typeMap, place: place).options
    var mine = model
    if case .given(let slots) = slotRule {
      mine.descriptor.slots = slots
    } else {
      mine.descriptor.slots = Array(options.descriptor.slots.prefix(mine.typeMap.count))
    }
    mine.addTypes(of: options)
    let differences = Self.differences(mine.definition, options.definition, at: "model")
    guard differences.isEmpty else {
      throw ToolErrors(
        differences.map { path, mine, other in
          ToolError(
            .configuration, at: "\(place): \(path)", "is \(mine), but \(other) in \(initial.path)",
            remedy: "write the same, or give --use-pretrain-script")
        })
    }
    model = mine
    // What the input's section cannot say.
    model.fitting.excludedTypes = options.fitting.excludedTypes
    if model.fitting.defaultFrameParameters == nil {
      model.fitting.defaultFrameParameters = options.fitting.defaultFrameParameters
    }
    slotRule = .given(mine.descriptor.slots)
  }

  /// What a training may say anew of a model: no prediction of the model depends on it.
  private static let free: Set = ["trainable", "rcond", "default_fparam"]

  /// Where two definitions of models differ, with both values.
  private static func differences(
    _ mine: JSONValue, _ other: JSONValue, at path: String
  ) -> [(path: String, mine: String, other: String)] {
    if case .object(let a) = mine, case .object(let b) = other {
      return Set(a.keys).union(b.keys).sorted().filter { !free.contains($0) }
        .flatMap { differences(a[$0] ?? .null, b[$0] ?? .null, at: "\(path)/\($0)") }
    }
    return mine == other ? [] : [(path, mine.serialized, other.serialized)]
  }
}

extension JSONValue {
  /// An input whose model is that of `initial`, with the types of the input first.
  fileprivate func withModel(of initial: InitialModel, place: String) throws -> JSONValue {
    let given = self["model"]?["type_map"].flatMap(ValueKind.text.list("").take)
    let options = try initial.model(for: given ?? initial.stored.model.typeMap, place: place)
      .options
    guard case .object(let definition) = options.definition else { return self }
    var input = self
    if input["model"] == nil { input.set(["model"], to: [:]) }
    for (name, value) in definition { input.set(["model", name], to: value) }
    for section in ["descriptor", "fitting_net"] {
      for name in ["trainable", "seed"] {
        let value = self["model"]?[section]?[name]
        if name == "trainable" || value != nil {
          input.set(["model", section, name], to: value ?? true)
        }
      }
    }
    return input
  }
}

extension ModelOptions {
  /// Adds the types that `other` has beyond these, and what it says of them.
  fileprivate mutating func addTypes(of other: ModelOptions) {
    let count = typeMap.count
    func isBeyond(_ types: [Int]) -> Bool { types.contains { $0 >= count } }
    typeMap = other.typeMap
    descriptor.slots += other.descriptor.slots.dropFirst(count)
    descriptor.excludedPairs += other.descriptor.excludedPairs.filter(isBeyond)
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
