import Diagnostics
import Files

extension ForeignModel {
  /// Reads a zip archive of PyTorch: a module, a checkpoint, or compiled code with its model.
  static func readArchive(_ bytes: [UInt8], _ choice: ModelChoice) throws -> ForeignModel {
    let zip = try ZipArchive(bytes, checksSums: !choice.ignoresChecksums)
    if let entry = zip.names.first(where: { $0.hasSuffix("/extra/model.json") }) {
      try choice.refuse()
      return try readCompiled(zip, entry)
    }
    if zip.names.contains(where: { $0.hasSuffix("/archive_format") || $0.hasSuffix(".so") }) {
      throw Unreadable(
        "is compiled code of PyTorch without the model in it", remedy: ForeignKind.conversion)
    }
    let archive = try TorchArchive(zip)
    guard archive.isModule else { return try readCheckpoint(archive, choice) }
    try choice.refuse()
    return try readModule(archive)
  }

  /// The names of the models in a multi-task checkpoint; none if it is another archive.
  static func branches(inArchive bytes: [UInt8]) throws -> [String] {
    let zip = try ZipArchive(bytes)
    guard zip.names.contains(where: { $0.hasSuffix("/data.pkl") }) else { return [] }
    guard case .object(let models)? = try TorchArchive(zip).pickle.input?["model_dict"] else {
      return []
    }
    return models.keys.sorted()
  }

  /// Reads the tree that DeePMD-kit stores beside compiled code (`.pt2`).
  private static func readCompiled(_ zip: ZipArchive, _ entry: String) throws -> ForeignModel {
    func json(_ name: String) throws -> JSONValue? {
      do {
        return try zip.content(name).map { try JSONValue(parsing: $0, at: name) }
      } catch let error as ToolError {
        throw Unreadable("has a damaged entry \(name): \(error.problem)")
      }
    }
    guard let tree = try json(entry), tree["model"] != nil else {
      throw Unreadable("has an entry \(entry) without a model")
    }
    var model = try ForeignModel(arraysInside: tree)
    let script = String(entry.dropLast("model.json".count)) + "model_def_script.json"
    if case .object(var members) = model.tree, let text = try json(script) {
      members["model_def_script"] = text
      model = ForeignModel(tree: .object(members), arrays: model.arrays)
    }
    return model
  }

  private static func readModule(_ archive: TorchArchive) throws -> ForeignModel {
    let state = try archive.pickle.attributes(of: archive.pickle.root)
    guard let text = archive.pickle.text(state["model_def_script"]),
      let script = try? JSONValue(parsing: text.utf8, at: "model_def_script")
    else {
      throw Unreadable("is a TorchScript module, but no model of DeePMD-kit 3")
    }
    guard let descriptor = script["descriptor"], descriptor["@class"] == nil else {
      throw Unreadable(
        "is a model of type '\(script["type"]?.text ?? "?")' without one descriptor",
        remedy: "supported: standard models")
    }
    return try TorchModel(archive, state, script).read(backend: "PyTorch")
  }

  private static func readCheckpoint(
    _ archive: TorchArchive, _ choice: ModelChoice
  ) throws -> ForeignModel {
    let pickle = archive.pickle, state = pickle.weights
    guard let input = try pickle.input, case .object = input else {
      throw Unreadable(
        "is a file of PyTorch, but no checkpoint of DeePMD-kit 3: the input of the training is "
          + "not in it", remedy: "freeze the model with the DeePMD-kit that trained it")
    }
    let branch = try TorchBranch(input, choice)
    let prefix = "model.\(branch.name)."
    var mine: [String: PickleValue] = [:]
    for case (.text(let key), let value) in pickle.items(of: state) ?? []
    where key.hasPrefix(prefix) { mine[String(key.dropFirst(prefix.count))] = value }
    guard !mine.isEmpty else { throw Unreadable("has no weights of the model '\(branch.name)'") }
    try takeAverages(&mine, pickle, branch.name, choice)
    var result = try TorchModel(archive, mine, branch.input).read(backend: "PyTorch")
    if branch.isOneOfSeveral, case .object(var members) = result.tree {
      members["branch"] = .string(branch.name)
      result = ForeignModel(tree: .object(members), arrays: result.arrays)
    }
    return result
  }

  /// Puts the averaged weights in, if they are wanted; says that there are some otherwise.
  private static func takeAverages(
    _ state: inout [String: PickleValue], _ pickle: Pickle, _ branch: String, _ choice: ModelChoice
  ) throws {
    let averages = pickle.member("ema", of: pickle.root).flatMap { pickle.member("model", of: $0) }
      .flatMap { pickle.items(of: $0) }
    guard choice.isAveraged else {
      if averages != nil {
        Notices.post("the checkpoint also holds averaged weights, which dp-freeze --ema takes")
      }
      return
    }
    guard let averages else {
      throw Unreadable("has no averaged weights", remedy: "leave --ema out")
    }
    for case (.text(let key), let value) in averages {
      for prefix in ["model.\(branch).", "\(branch).", ""] where key.hasPrefix(prefix) {
        let name = String(key.dropFirst(prefix.count))
        if state[name] != nil { state[name] = value }
      }
    }
  }
}

extension Pickle {
  /// The dictionary of weights in a checkpoint.
  fileprivate var weights: PickleValue {
    member("model", of: root).flatMap { items(of: $0) != nil ? $0 : nil } ?? root
  }

  /// The section `model` of the training's input in a checkpoint; nil if there is none.
  fileprivate var input: JSONValue? {
    get throws {
      try member("_extra_state", of: weights).flatMap { member("model_params", of: $0) }
        .map { try json($0) }
    }
  }
}
