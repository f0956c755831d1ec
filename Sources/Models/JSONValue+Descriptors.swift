import DeepPotential
import Files

extension JSONValue {
  /// The descriptors in the `model` section that this is: the one that it has, or the parts of a
  /// hybrid.
  package var descriptors: [JSONValue] {
    guard let descriptor = self["descriptor"] else { return [] }
    if case .array(let parts)? = descriptor["list"] { return parts }
    return [descriptor]
  }

  /// Whether there is a list of numbers of neighbor slots (`sel`) for each list of these.
  package var givesSlots: [Bool] {
    descriptors.flatMap { descriptor in
      let type = descriptor["type"]?.text
      let options = DescriptorOptions.named.first { $0.name == type }?.options
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
    guard case .object(var section) = self, case .object(var members)? = section["descriptor"]
    else { return }
    if case .array(let parts)? = members["list"] {
      members["list"] = .array(parts.enumerated().map(changed))
      section["descriptor"] = .object(members)
    } else {
      section["descriptor"] = changed(0, .object(members))
    }
    self = .object(section)
  }
}
