import Files
import Models

extension JSONValue {
  /// The same value without members whose names begin with "_", at any depth; where members are
  /// named after tasks, only texts are comments.
  var withoutComments: JSONValue {
    switch self {
    case .object(let members):
      .object(
        Dictionary(
          uniqueKeysWithValues: members.compactMap { name, value -> (String, JSONValue)? in
            if name.hasPrefix("_") { return nil }
            return (name, Self.taskKeys.contains(name) ? value.taskMembers : value.withoutComments)
          }))
    case .array(let elements): .array(elements.map(\.withoutComments))
    default: self
    }
  }

  /// The keys of objects whose members are named after tasks.
  private static let taskKeys: Set = [
    "model_dict", "loss_dict", "data_dict", "model_prob", "num_epoch_dict",
  ]

  /// The same object without texts whose names begin with "_", and without comments below it.
  private var taskMembers: JSONValue {
    guard case .object(let members) = self else { return withoutComments }
    return .object(
      members.filter { !$0.key.hasPrefix("_") || $0.value.text == nil }
        .mapValues(\.withoutComments))
  }

  /// The input with `steps` as its number of steps and `seed` in all places of a seed.
  ///
  /// If either is nil, the input keeps its own.
  func overriding(steps: Int?, seed: Int?) -> JSONValue {
    var input = self
    if let steps {
      for name in lengthKeys.steps + lengthKeys.epochs { input.set(["training", name], to: nil) }
      input.set(["training", lengthKeys.steps[0]], to: .integer(steps))
    }
    if let seed {
      for section in [["model", "fitting_net"], ["training"]] {
        input.set(section + ["seed"], to: .integer(seed))
      }
      if var model = input["model"] {
        model.changeDescriptors { $1["seed"] = .integer(seed) }
        input.set(["model"], to: model)
      }
    }
    return input
  }
}

extension TrainingInput {
  /// The configuration as artifacts record it, with the last parts of the paths of data only.
  ///
  /// Artifacts identify data by digest, not by folder.
  public var record: JSONValue {
    var record = document
    for (section, data) in sections {
      record.set(["training", section, "systems"], to: Self.recorded(data.systems))
    }
    return record
  }

  /// The sections of data, by name.
  var sections: [(name: String, data: DataOptions)] {
    [("training_data", trainingData)] + (validationData.map { [("validation_data", $0)] } ?? [])
  }

  /// The last parts of the paths of `systems`.
  static func recorded(_ systems: [String]) -> JSONValue {
    .array(
      systems.map { path -> JSONValue in
        let parts = path.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let file = parts[0].split(separator: "/").last ?? parts[0]
        return .string(parts.count == 1 ? String(file) : "\(file)#\(parts[1])")
      })
  }
}
