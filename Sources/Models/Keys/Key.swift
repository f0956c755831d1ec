import Files

/// Which files have a key.
package enum FilesOfKey {
  /// Inputs and model files of all versions; the same, but for model files of some older versions;
  /// model files only.
  case all, allButOldModels, modelsOnly
}

/// One key of a part of a model, under the name that it has in `input.json` and in model files.
///
/// A table of keys, one for each kind of part, is the only place where these names stand: inputs
/// and model files are read by it, model files, definitions and `out.json` are written from it,
/// `--info` prints it, docs/INPUT.md shows it.  Defaults are the values of a new part.
package struct Key<Part> {
  /// DeePMD-kit's name, and other names in inputs.
  package let name: String, aliases: [String]
  /// Which files have it.
  package let files: FilesOfKey
  /// What it means, for docs/INPUT.md.
  package let meaning: String
  /// Takes over a value of an input, or of a model file; gives what was expected of it if it is
  /// another.
  package let take: (JSONValue, inout Part) -> String?
  let takeFromModel: (JSONValue, inout Part) -> String?
  /// The value that a part has.
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

  /// Whether inputs have it.
  package var isInInputs: Bool { if case .modelsOnly = files { false } else { true } }
  /// Whether a model file may be without it.
  var mayLack: Bool { if case .all = files { false } else { true } }

  /// The key for the property at `path`, whose values are of the `kind` that fits what was read
  /// before; in model files, which were written by other programs, of `modelKind` if that is
  /// another.
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

  /// The same for values of one `kind`, and of one `modelKind`.
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
  /// The same key of a whole, of which its part is one.
  func within<Whole>(_ path: WritableKeyPath<Whole, Part>) -> Key<Whole> {
    Key<Whole>(
      name: name, aliases: aliases, files: files, meaning: meaning,
      take: { [take] in take($0, &$1[keyPath: path]) },
      takeFromModel: { [takeFromModel] in takeFromModel($0, &$1[keyPath: path]) },
      value: { [value] in value($0[keyPath: path]) })
  }
}

/// What is wrong with a key beside the others.
package struct KeyConflict {
  /// The key.
  package let name: String
  /// What was expected of it.
  package let expected: String
}

extension Array {
  /// What these keys say of `part`; those that only model files have are left out where it is not
  /// for one.
  package func members<Part>(of part: Part, forModels: Bool) -> [String: JSONValue]
  where Element == Key<Part> {
    var members: [String: JSONValue] = [:]
    for key in self where forModels || key.isInInputs { members[key.name] = key.value(part) }
    return members
  }
}

/// A value of a key, as JSON has it.
package protocol KeyValue {
  /// The value in a file.
  var json: JSONValue { get }
}
