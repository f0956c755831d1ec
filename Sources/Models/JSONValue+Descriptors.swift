import DeepPotential
import Files

extension JSONValue {
  /// The descriptors in the `model` section that this is: the one that it has, or the parts of a
  /// hybrid, or those of the models that it adds up.
  package var descriptors: [JSONValue] {
    if case .array(let models)? = self["models"] { return models.flatMap(\.descriptors) }
    guard let descriptor = self["descriptor"] else { return [] }
    if case .array(let parts)? = descriptor["list"] { return parts }
    return [descriptor]
  }

  /// Whether there is a list of numbers of neighbor slots (`sel`) for each list of these.
  package var givesSlots: [Bool] {
    descriptors.flatMap { descriptor in
      let type = descriptor["type"]?.text
      var options = DescriptorOptions.named.first { $0.name == type }?.options
      // Which lists there are may depend on options.
      try? options?.read(from: DescriptorMembers(value: descriptor), types: nil)
      return (options?.lists.map(\.slotKey) ?? ["sel"]).map {
        if case .array? = descriptor.value(at: $0) { true } else { false }
      }
    }
  }

  /// Changes each of the descriptors in the `model` section that this is; `change` gets their
  /// numbers and members.
  package mutating func changeDescriptors(
    _ change: (_ number: Int, _ members: inout [String: JSONValue]) -> Void
  ) {
    func changed(_ number: Int, _ descriptor: JSONValue) -> JSONValue {
      guard case .object(var members) = descriptor else { return descriptor }
      change(number, &members)
      return .object(members)
    }
    guard case .object(var section) = self else { return }
    if case .array(var models)? = section["models"] {
      var first = 0
      for k in models.indices {
        let count = models[k].descriptors.count
        models[k].changeDescriptors { change(first + $0, &$1) }
        first += count
      }
      section["models"] = .array(models)
      self = .object(section)
      return
    }
    guard case .object(var members)? = section["descriptor"] else { return }
    if case .array(let parts)? = members["list"] {
      members["list"] = .array(parts.enumerated().map(changed))
      section["descriptor"] = .object(members)
    } else {
      section["descriptor"] = changed(0, .object(members))
    }
    self = .object(section)
  }
}

/// Reads the keys of a descriptor that an input has, whatever else is in it; never throws.
private struct DescriptorMembers: KeyReader {
  let value: JSONValue

  func read<Part>(_ keys: [Key<Part>], into part: inout Part) {
    for key in keys where key.isInInputs {
      if let member = value[key.name] { _ = key.take(member, &part) }
    }
  }

  func read<Part>(_ keys: [Key<Part>], of group: KeyGroup, into part: inout Part) {
    guard let inside = value[group.name] else { return }
    DescriptorMembers(value: inside).read(keys, into: &part)
  }
}
