import DeepPotential
import Diagnostics
import Files

/// The tasks of an input with `model_dict`: for each an input of its own, and what they share.
///
/// Source: DeePMD-kit's `preprocess_shared_params`, and its training with the PyTorch backend.
package struct TaskDocuments {
  /// The whole input, with all keys in their present places.
  package let document: JSONValue
  /// The names of the tasks, sorted.
  package let names: [String]
  /// An input of each task alone.
  package let documents: [JSONValue]
  /// What the models share.
  package let sharing: ModelSharing
  /// How often the tasks are trained.
  package let weights: TaskWeights
  /// The heads of a pre-trained model that the tasks start from (`finetune_head`).
  package let heads: [String?]

  /// Takes the tasks out of `document`, which messages call `place`; nil if it has no `model_dict`.
  ///
  /// `steps` and `seed` replace those in the input.  Throws all errors that concern the tasks at
  /// once as `.configuration`.
  package init?(_ document: JSONValue, place: String, steps: Int? = nil, seed: Int? = nil) throws {
    guard document["model"]?["model_dict"] != nil else { return nil }
    let current = try modernized(document.withoutComments, place: place)
    if steps != nil && current["training"]?["num_epoch_dict"] != nil {
      throw ToolError(
        .usage, at: "--steps", "does not go with num_epoch_dict, which \(place) has",
        remedy: "change num_epoch_dict, or write numb_steps and model_prob in its place")
    }
    let problems = ConfigurationProblems(place: place)
    let input = current.overridingTasks(steps: steps, seed: seed)
    let reader = TaskReader(input, problems)
    self.document = input
    names = reader.names
    heads = reader.names.map(reader.head)
    let models = reader.names.map(reader.model)
    sharing = ModelSharing(
      descriptors: reader.numbers(of: "descriptor"), fittings: reader.numbers(of: "fitting_net"))
    weights = reader.weights()
    reader.checkTypeMaps(models)
    documents = zip(reader.names, models).map { reader.document(of: $0, $1) }
    reader.refuseOthers()
    try problems.throwIfAny()
  }
}

/// The rule for how often each task is trained.
package enum TaskWeights: Sendable, Equatable {
  /// In proportion to the numbers of systems of the training data.
  case systems
  /// In proportion to these numbers (`model_prob`).
  case given([Double])
  /// In proportion to the batches of so many epochs of each task (`num_epoch_dict`).
  case epochs([Double])
}

extension JSONValue {
  /// The input of several tasks with `steps` as its number of steps and `seed` in all places of a
  /// seed; its own where either is nil.
  fileprivate func overridingTasks(steps: Int?, seed: Int?) -> JSONValue {
    var input = overriding(steps: steps, seed: nil)
    guard let seed else { return input }
    let value = JSONValue.integer(seed)
    input.set(["training", "seed"], to: value)
    guard case .object(let shared) = self["model"]?["shared_dict"] ?? [:],
      case .object(let branches)? = self["model"]?["model_dict"]
    else { return input }
    for (name, entry) in shared {
      input.set(["model", "shared_dict", name], to: entry.seeded(value))
    }
    for (task, branch) in branches {
      for part in ["descriptor", "fitting_net"] {
        guard let entry = branch[part] else { continue }
        input.set(["model", "model_dict", task, part], to: entry.seeded(value))
      }
    }
    return input
  }

  /// The object with this `seed`, or the parts of a hybrid with it; other values as they are.
  private func seeded(_ seed: JSONValue) -> JSONValue {
    guard case .object(var members) = self else { return self }
    if case .array(let parts)? = members["list"] {
      members["list"] = .array(parts.map { $0.seeded(seed) })
    } else {
      members["seed"] = seed
    }
    return .object(members)
  }
}
