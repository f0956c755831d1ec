import DeepPotential
import Files
import Models

extension ConfigurationSection: KeyReader {
  /// Sets the properties of `part` to the values that this section has for `keys`; records wrong
  /// values.
  ///
  /// Numbers of neighbor slots are not read here, because an input may have a rule in place of
  /// them.
  func read<Part>(_ keys: [Key<Part>], into part: inout Part) {
    for key in keys where key.isInInputs && !key.isSlots {
      guard let (name, value) = find(key.name, or: key.aliases) else {
        if key.isRequired { reportMissing(key.name, key.take(.null, &part)) }
        continue
      }
      if let expected = key.take(value, &part) {
        report(name, "found \(value.quoted), expected \(expected)")
      }
    }
  }

  /// The same for the object `group`, whose unknown keys its own `finish` reports.
  func read<Part>(_ keys: [Key<Part>], of group: KeyGroup, into part: inout Part) {
    section(group.name, isRequired: true).read(keys, into: &part)
  }

  /// The rule for the neighbor slots of `list`, of which a descriptor of `types` types has one or
  /// more.
  func slotRule(of list: ListOptions, types: Int?) -> SlotRule {
    let usual = SlotRule.automatic(ratio: SlotRule.usualRatio)
    let kind: ValueKind<SlotRule> = list.isMixed ? .slotsOfAllTypes : .slots(types: types)
    let names = list.slotKey.split(separator: "/").map(String.init)
    let section = names.dropLast().reduce(self) { $0.section($1, isRequired: true) }
    if let given = list.usualSlots {
      return section.read(list.slotName, kind, default: .given(given))
    }
    // Where an object of its own has the key, it must be there.
    if names.count > 1 { return section.require(list.slotName, kind) ?? usual }
    return section.read(list.slotName, kind, default: usual)
  }

  /// Records the keys of `options` whose values contradict those of other keys or the names of
  /// types, `typeMap`.
  func reportConflicts(of options: DescriptorOptions, typeMap: [String]?) {
    let members = JSONValue.object(options.members(types: nil, forModels: false))
    for conflict in options.conflicts(typeMap: typeMap) {
      let found = members.value(at: conflict.place)?.quoted ?? "nothing"
      report(conflict.place, "found \(found), expected \(conflict.expected)")
    }
  }
}
