import Diagnostics
import Files

/// Reads the parts of an input with several tasks, and records their errors.
final class TaskReader {
  let names: [String]
  private let input: JSONValue
  private let problems: ConfigurationProblems
  private let branches: [String: JSONValue]
  private let shared: [String: JSONValue]
  /// The names in `shared_dict` that tasks have for their parts: by kind of part and task.
  private var links: [String: [String: String]] = [:]

  private static let trainingKeys = ["data_dict", "model_prob", "num_epoch_dict"]
  private static let dataKeys = ["training_data", "validation_data", "stat_file", "stat_file_mode"]

  init(_ input: JSONValue, _ problems: ConfigurationProblems) {
    self.input = input
    self.problems = problems
    let model = ConfigurationSection(input["model"], path: "model", problems: problems)
    branches = Self.objects(model.section("model_dict"))
    shared = model.section("shared_dict").members
    names = branches.keys.sorted()
    if names.isEmpty { model.report("model_dict", "names no task") }
    for (number, name) in names.enumerated() {
      // Tools find a head whatever the case of its letters.
      let isTwin = names[..<number].contains { $0.lowercased() == name.lowercased() }
      let isWrong = name.isEmpty || name == "RANDOM" || name.contains(where: \.isWhitespace)
      guard isWrong || isTwin else { continue }
      model.report(
        "model_dict", "has a task \"\(name)\"" + (isTwin ? " twice, but for upper case" : ""),
        remedy: "a name has no blanks, which part the columns of the learning curve, and is not "
          + "RANDOM, nor another's name")
    }
  }

  private static func objects(_ section: ConfigurationSection) -> [String: JSONValue] {
    for name in section.members.keys.sorted() { _ = section.section(name) }
    return section.members.filter { if case .object = $0.value { true } else { false } }
  }

  /// The section `model` of `task`, with shared entries in place of their names.
  func model(of task: String) -> JSONValue {
    var members: [String: JSONValue] = [:]
    // What stands beside model_dict holds for every task that says nothing else.
    if case .object(let common)? = input["model"] { members = common }
    for name in ["model_dict", "shared_dict"] { members[name] = nil }
    if case .object(let own)? = branches[task] { members.merge(own) { $1 } }
    members["finetune_head"] = nil
    refuseSums(in: &members, of: task)
    for part in ["type_map", "descriptor", "fitting_net"] {
      guard let value = members[part] else { continue }
      members[part] = entry(value, part, of: task)
    }
    return .object(members)
  }

  /// Records pair potentials and sums of models, whose parts no file with several heads names.
  private func refuseSums(in members: inout [String: JSONValue], of task: String) {
    let path = "model/model_dict/\(task)"
    if members["use_srtab"] != nil {
      problems.add("\(path)/use_srtab", "is not supported where several tasks are trained")
    }
    for key in ["use_srtab", "smin_alpha", "sw_rmin", "sw_rmax"] { members[key] = nil }
    guard let type = members["type"], type != "standard" else { return }
    problems.add(
      "\(path)/type", "\(type.quoted) is not supported where several tasks are trained",
      remedy: "train it alone")
    members["type"] = nil
  }

  /// `value`, or what it names in `shared_dict`.
  private func entry(_ value: JSONValue, _ part: String, of task: String) -> JSONValue {
    let path = "model/model_dict/\(task)/\(part)"
    if case .array(let list)? = value["list"], list.contains(where: { $0.text != nil }) {
      problems.add(
        path, "has parts of a hybrid that are shared, which is not supported",
        remedy: "put the whole hybrid into shared_dict")
    }
    guard let text = value.text else { return value }
    let words = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    if words.count > 1, words.count > 2 || Int(words[1]) != 0 {
      problems.add(
        path, "is \"\(text)\": a part is shared as a whole or not at all",
        remedy: "write \"\(words[0])\"")
    }
    guard let found = shared[words[0]] else {
      let close = closestName(to: words[0], among: shared.keys)
      problems.add(
        path, "names \"\(words[0])\", which is not in model/shared_dict",
        remedy: close.map { "did you mean \"\($0)\"?" } ?? "put it there")
      return .null
    }
    links[part, default: [:]][task] = words[0]
    return found
  }

  /// Equal numbers for tasks that have the same entry for `part`.
  func numbers(of part: String) -> [Int] {
    names.enumerated().map { number, task in
      guard let name = links[part]?[task] else { return number }
      return names.firstIndex { links[part]?[$0] == name } ?? number
    }
  }

  /// The head of a pre-trained model that `task` starts from.
  func head(of task: String) -> String? {
    guard let value = branches[task]?["finetune_head"], value != .null else { return nil }
    if value.text == nil {
      problems.add(
        "model/model_dict/\(task)/finetune_head", "found \(value.quoted), expected a name")
    }
    return value.text
  }

  /// Records tasks whose elements are not those of the first.
  func checkTypeMaps(_ models: [JSONValue]) {
    let maps = models.map { $0["type_map"] ?? .null }
    for (task, map) in zip(names, maps) where map != maps[0] {
      problems.add(
        "model/model_dict/\(task)/type_map",
        "is \(map.serialized), but that of \(names[0]) is \(maps[0].serialized)",
        remedy: "all tasks have one type map, with the elements of all: put it into shared_dict")
    }
  }

  /// The numbers that `training/key` gives for the tasks; nil if it is not there.
  private func numbers(_ key: String, _ kind: ValueKind<Double>) -> [Double]? {
    guard let value = input["training"]?[key], value != .null, value != [:] else { return nil }
    let section = ConfigurationSection(value, path: "training/\(key)", problems: problems)
    let numbers = names.map { section.require($0, kind, remedy: "give a number for each task") }
    section.finish()
    return numbers.map { $0 ?? 0 }
  }

  /// How often the tasks are trained.
  func weights() -> TaskWeights {
    let given = numbers("model_prob", .nonNegative)
    if let sum = given?.reduce(0, +), !(sum > 0 && sum.isFinite) {
      problems.add(
        "training/model_prob",
        sum > 0 ? "has numbers too large to be added up" : "has no number above 0")
    }
    let epochs = numbers(
      "num_epoch_dict", .number.whereIs("a number above 0, up to 10^6") { $0 > 0 && $0 <= 1e6 })
    guard let epochs else { return given.map(TaskWeights.given) ?? .systems }
    let others = (["model_prob"] + lengthKeys.steps).filter { input["training"]?[$0] != nil }
    for name in others {
      problems.add(
        "training/num_epoch_dict", "excludes \(name), which is there too", remedy: "remove one")
    }
    return .epochs(epochs)
  }

  /// The input of `task` alone, whose section `model` is `model`.
  func document(of task: String, _ model: JSONValue) -> JSONValue {
    guard case .object(var root) = input else { return input }
    root["model"] = model
    root["loss_dict"] = nil
    root["loss"] = entry("loss_dict", of: task, at: "loss_dict", in: input)
    guard case .object(var training)? = root["training"] else { return .object(root) }
    for key in Self.trainingKeys { training[key] = nil }
    if let epochs = input["training"]?["num_epoch_dict"]?[task] {
      training[lengthKeys.epochs[0]] = epochs
    }
    let path = "training/data_dict"
    let data = entry("data_dict", of: task, at: path, in: input["training"])
    for key in Self.dataKeys { training[key] = data?[key] }
    root["training"] = .object(training)
    return .object(root)
  }

  /// The member `task` of the member `key` of `section`; records a missing one.
  private func entry(
    _ key: String, of task: String, at path: String, in section: JSONValue?
  ) -> JSONValue? {
    guard let found = section?[key]?[task] else {
      problems.add(
        "\(path)/\(task)", "is missing; expected an object {...}",
        remedy: "each task of model_dict has one there")
      return nil
    }
    if case .object = found { return found }
    problems.add("\(path)/\(task)", "found \(found.quoted), expected an object {...}")
    return nil
  }

  /// Records names of tasks that there are not, and what does not go with several tasks.
  func refuseOthers() {
    let training = input["training"]
    for (path, value) in [
      ("loss_dict", input["loss_dict"]), ("training/data_dict", training?["data_dict"]),
    ] {
      guard case .object(let members)? = value else { continue }
      for name in members.keys.sorted() where !names.contains(name) {
        let close = closestName(to: name, among: names)
        problems.add(
          "\(path)/\(name)", "is no task of model/model_dict",
          remedy: close.map { "did you mean \"\($0)\"?" } ?? "the tasks are \(listed(names))")
      }
    }
    for task in names {
      guard case .object(let data)? = training?["data_dict"]?[task] else { continue }
      for key in data.keys.sorted() where !Self.dataKeys.contains(key) {
        problems.add(
          "training/data_dict/\(task)/\(key)", "is not a known key here",
          remedy: "it has \(Self.dataKeys.joined(separator: ", "))")
      }
    }
    for key in ["training_data", "validation_data"] + lengthKeys.epochs
    where training?[key] != nil {
      problems.add(
        "training/\(key)", "is for a training of one task",
        remedy: lengthKeys.epochs.contains(key)
          ? "write num_epoch_dict" : "write data_dict, with data of each task")
    }
    if input["loss"] != nil {
      problems.add("loss", "is for a training of one task", remedy: "write loss_dict")
    }
    if input["learning_rate_dict"] != nil {
      problems.add(
        "learning_rate_dict", "is not supported: all tasks have one learning rate",
        remedy: "write learning_rate")
    }
    refuseOfOneTask()
  }

  /// Records options that are for trainings of one task alone.
  private func refuseOfOneTask() {
    if let updates = input["training"]?["acc_freq"], updates != 1 {
      problems.add("training/acc_freq", "is for a training of one task", remedy: "remove it")
    }
    for key in ["full_validation", "ema_full_validation"] where input["validating"]?[key] == true {
      problems.add(
        "validating/\(key)", "is for a training of one task",
        remedy: "evaluate checkpoints with dp-eval --head")
    }
    if input["optimizer"]?["type"] == "LKF" {
      problems.add("optimizer/type", "\"LKF\" trains one task", remedy: "use \"Adam\"")
    }
  }
}
