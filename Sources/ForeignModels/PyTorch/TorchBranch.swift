import Files

/// The model of a checkpoint that is read, which is one of several in a multi-task checkpoint.
struct TorchBranch {
  let name: String
  /// The section `model` of the input for it.
  let input: JSONValue
  let isOneOfSeveral: Bool

  /// Chooses a model of the checkpoint whose input has the section `input`.
  init(_ input: JSONValue, _ choice: ModelChoice) throws {
    guard case .object(let branches)? = input["model_dict"] else {
      guard choice.branch == nil else {
        throw Unreadable(
          "holds a single model, which has no name", remedy: "leave --head out")
      }
      (name, self.input, isOneOfSeveral) = ("Default", input, false)
      return
    }
    let match = try choice.name(among: branches.keys.sorted()) { name in
      (branches[name]?["model_branch_alias"]?.elements ?? []).compactMap(\.text)
    }
    guard let model = branches[match] else { throw Unreadable("holds no model '\(match)'") }
    name = match
    isOneOfSeveral = true
    self.input = Self.resolved(model, input["shared_dict"] ?? [:])
  }

  /// `model` with the entries of `shared` in place of their names, `name` or `name:level`.
  private static func resolved(_ model: JSONValue, _ shared: JSONValue) -> JSONValue {
    func entry(_ value: JSONValue) -> JSONValue {
      value.text.flatMap { shared[String($0.prefix { $0 != ":" })] } ?? value
    }
    guard case .object(var members) = model else { return model }
    for key in ["type_map", "descriptor", "fitting_net"] {
      if let value = members[key] { members[key] = entry(value) }
    }
    if case .object(var descriptor)? = members["descriptor"], descriptor["type"] == "hybrid",
      let list = descriptor["list"]?.elements
    {
      descriptor["list"] = .array(list.map(entry))
      members["descriptor"] = .object(descriptor)
    }
    return .object(members)
  }
}
