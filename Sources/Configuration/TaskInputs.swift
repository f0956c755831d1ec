import DeepPotential
import Files

/// The content of an input.json with one task or several: an input for each of them.
public struct TaskInputs: Sendable, Equatable {
  /// The name of the file in messages.
  public let place: String
  /// The whole document with all keys in their present places, without comments.
  public let document: JSONValue
  /// The names of the tasks, sorted; none if there is one task, which has no name.
  public let names: [String]
  /// The input of each task.  Those of several differ in model, loss and data alone.
  public var tasks: [TrainingInput]
  /// What the models share.
  public let sharing: ModelSharing
  package let weights: TaskWeights

  /// Takes the input of a single task.
  public init(_ input: TrainingInput) {
    (place, document, names, tasks) = (input.place, input.document, [], [input])
    (sharing, weights) = (.none, .systems)
  }

  /// Reads the file at `path` if it has several tasks; nil if it has one.
  ///
  /// Throws `.missingInput`, or all errors of the tasks at once as `.configuration`.
  public static func ofSeveral(at path: String) throws -> TaskInputs? {
    let document = try TrainingInput.document(at: path)
    return try TaskDocuments(document, place: path).map { try TaskInputs($0, place: path) }
  }

  /// Reads the inputs of `documents`, of the file `place`; throws all errors of the tasks at once.
  package init(_ documents: TaskDocuments, place: String) throws {
    let tasks = try collectingErrors(Array(documents.names.indices)) { number in
      try TrainingInput(
        documents.documents[number],
        place: Self.place(of: documents.names[number], in: place))
    }
    self.init(documents, tasks, place: place)
  }

  /// Joins the inputs of `documents`, read as `tasks`, of the file `place`.
  package init(_ documents: TaskDocuments, _ tasks: [TrainingInput], place: String) {
    self.place = place
    self.tasks = tasks
    (document, names) = (documents.document, documents.names)
    (sharing, weights) = (documents.sharing, documents.weights)
  }

  /// What messages call the input of a task: the file `place` and the task in it.
  package static func place(of task: String, in place: String) -> String {
    "\(place), task \(task)"
  }

  /// The input of the first task, for what all have in common.
  public var first: TrainingInput { tasks[0] }

  /// The configuration as artifacts record it, see `TrainingInput.record`.
  public var record: JSONValue {
    guard !names.isEmpty else { return first.record }
    var record = document
    for (name, task) in zip(names, tasks) {
      for (section, data) in task.sections {
        record.set(
          ["training", "data_dict", name, section, "systems"],
          to: TrainingInput.recorded(data.systems))
      }
    }
    return record
  }
}
