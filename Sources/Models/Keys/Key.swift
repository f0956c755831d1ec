import Files

/// The files in which a key occurs.
package enum FilesOfKey {
  /// Inputs and all model files; inputs and model files except some of older versions; model files
  /// only, which may lack the key; inputs only, since model files say it in another way.
  case all, allButOldModels, modelsOnly, inputsOnly
}

/// One key of a part of a model, with its name in `input.json` and in model files.
///
/// The names of keys are in tables of keys only, one table for each kind of part.  These tables are
/// used to read inputs and model files, to write model files, definitions and `out.json`, for
/// `--info` and for docs/INPUT.md.  If an input lacks a key, the part keeps its default value.
package struct Key<Part> {
  /// DeePMD-kit's name, and other names in inputs.
  package let name: String, aliases: [String]
  /// The files in which the key occurs.
  package let files: FilesOfKey
  /// The meaning of the key, for docs/INPUT.md.
  package let meaning: String
  /// Whether an input must have the key; whether the value is a number of neighbor slots, in whose
  /// place an input may have a rule.
  package private(set) var isRequired = false, isSlots = false
  /// Sets a property of the part to the value in an input; gives the expected kind of value if the
  /// value is wrong, else nil.
  package let take: (JSONValue, inout Part) -> String?
  /// Sets a property of the part to the value in a model file, as `take` does for an input.
  let takeFromModel: (JSONValue, inout Part) -> String?
  /// The JSON value of the property.
  package let value: (Part) -> JSONValue

  fileprivate init(
    name: String, aliases: [String], files: FilesOfKey, meaning: String,
    take: @escaping (JSONValue, inout Part) -> String?,
    takeFromModel: @escaping (JSONValue, inout Part) -> String?,
    value: @escaping (Part) -> JSONValue
  ) {
    (self.name, self.aliases, self.files, self.meaning) = (name, aliases, files, meaning)
    (self.take, self.takeFromModel, self.value) = (take, takeFromModel, value)
  }

  /// Whether the key occurs in inputs.
  package var isInInputs: Bool { if case .modelsOnly = files { false } else { true } }
  /// Whether the key occurs in model files.
  package var isInModels: Bool { if case .inputsOnly = files { false } else { true } }
  /// Whether a model file may lack the key.
  var mayLack: Bool { if case .all = files { false } else { true } }

  /// Makes the key of the property at `path`, with values of a `kind` that may depend on keys that
  /// were read before.
  ///
  /// Values in model files, which other programs may have written, are of `modelKind` if it is
  /// given.
  init<Value: KeyValue>(
    _ name: String, or aliases: [String] = [], _ path: WritableKeyPath<Part, Value>,
    in files: FilesOfKey = .all, _ meaning: String = "",
    modelKind: ((Part) -> ValueKind<Value>)? = nil,
    _ kind: @escaping (Part) -> ValueKind<Value>
  ) {
    (self.name, self.aliases, self.files, self.meaning) = (name, aliases, files, meaning)
    func taking(
      _ kind: @escaping (Part) -> ValueKind<Value>
    ) -> (JSONValue, inout Part) -> String? {
      { value, part in
        let kind = kind(part)
        guard let taken = kind.take(value) else { return kind.name }
        part[keyPath: path] = taken
        return nil
      }
    }
    take = taking(kind)
    takeFromModel = taking(modelKind ?? kind)
    value = { $0[keyPath: path].json }
  }

  /// Makes the key of the property at `path`, with a `kind` and a `modelKind` that do not depend on
  /// other keys.
  init<Value: KeyValue>(
    _ name: String, or aliases: [String] = [], _ path: WritableKeyPath<Part, Value>,
    _ kind: ValueKind<Value>, in files: FilesOfKey = .all, _ meaning: String = "",
    modelKind: ValueKind<Value>? = nil
  ) {
    let ofModels = modelKind ?? kind
    self.init(
      name, or: aliases, path, in: files, meaning, modelKind: { _ in ofModels }, { _ in kind })
  }
}

extension Key {
  /// The same key, which inputs must have.
  var required: Key {
    var key = self
    key.isRequired = true
    return key
  }

  /// The same key, whose value is a number of neighbor slots.
  var ofSlots: Key {
    var key = self
    key.isSlots = true
    return key
  }

  /// The same key without other names in inputs.
  var withoutAliases: Key {
    var key = Key(
      name: name, aliases: [], files: files, meaning: meaning, take: take,
      takeFromModel: takeFromModel, value: value)
    (key.isRequired, key.isSlots) = (isRequired, isSlots)
    return key
  }

  /// The same key in model files only.
  var inModelsOnly: Key {
    Key(
      name: name, aliases: aliases, files: .modelsOnly, meaning: meaning, take: take,
      takeFromModel: takeFromModel, value: value)
  }

  /// The same key as a key of `Whole`, which has the part at `path`.
  func within<Whole>(_ path: WritableKeyPath<Whole, Part>) -> Key<Whole> {
    var key = Key<Whole>(
      name: name, aliases: aliases, files: files, meaning: meaning,
      take: { [take] in take($0, &$1[keyPath: path]) },
      takeFromModel: { [takeFromModel] in takeFromModel($0, &$1[keyPath: path]) },
      value: { [value] in value($0[keyPath: path]) })
    (key.isRequired, key.isSlots) = (isRequired, isSlots)
    return key
  }
}

/// A key whose value contradicts those of other keys.
package struct KeyConflict {
  /// The name of the key.
  package let name: String
  /// The expected value, for messages.
  package let expected: String
  /// The object inside of the descriptor that has the key, if it is one.
  package var group: KeyGroup?
  /// Its place in inputs, inside of the descriptor.
  package var place: String { group?.place(of: name) ?? name }
}

extension Array {
  /// The JSON members that these keys give for `part` in inputs, or in model files if
  /// `forModels`.
  package func members<Part>(of part: Part, forModels: Bool) -> [String: JSONValue]
  where Element == Key<Part> {
    var members: [String: JSONValue] = [:]
    for key in self where forModels ? key.isInModels : key.isInInputs {
      members[key.name] = key.value(part)
    }
    return members
  }
}

/// A type of values that a key can have, which convert to JSON.
package protocol KeyValue {
  /// The JSON value in a file.
  var json: JSONValue { get }
}
