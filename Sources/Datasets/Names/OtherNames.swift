import Atoms
import Files

/// Keys and columns of an extended XYZ file that look like labels and are not read.
struct OtherNames {
  /// The names by the label that they may be; "" for those that cannot be one.
  private(set) var names: [String: [String]] = [:]
  /// All names in the order in which they were found.
  private var order: [String] = []

  /// Looks at a value of a header.
  mutating func look(at item: HeaderItem) {
    let key = item.key.lowercased()
    guard let value = item.value, !Self.isRead(key), let word = Self.labelWord(in: key),
      !order.contains(item.key), let numbers = HeaderNumbers(value)
    else { return }
    let isMatrix = [6, 9].contains(numbers.values.count)
    switch word {
    case "energ" where numbers.values.count == 1: add(item.key, "energy")
    case "virial" where isMatrix, "stress" where isMatrix: add(item.key, word)
    case "energ": break
    default: if numbers.values.count > 1 { add(item.key, "") }
    }
  }

  /// Looks at a column that has no meaning of its own.
  mutating func look(at column: ExtendedXYZColumn) {
    guard "RI".contains(column.type), let word = Self.labelWord(in: column.name.lowercased()),
      !order.contains(column.name)
    else { return }
    switch (word, column.count) {
    case ("energ", 1): add(column.name, "atom_ener")
    case ("force", 3): add(column.name, "force")
    default: add(column.name, "")
    }
  }

  /// What to tell the user; nil if there are none.
  var notice: String? {
    if order.isEmpty { return nil }
    let all = order.joined(separator: ", ") + (order.count == 1 ? " is" : " are") + " left out"
    let pairs = names.keys.filter { !$0.isEmpty && !($0 == "stress" && names["virial"] != nil) }
      .sorted().map { ($0, names[$0]?.first ?? "") }
    if pairs.isEmpty { return "\(all): there is no such label here" }
    let option = shellWord(pairs.map { "\($0)=\($1)" }.joined(separator: ","))
    let key = pairs.map { "\"\($0)\": \"\($1)\"" }.joined(separator: ", ")
    let taken = pairs.map(\.1).joined(separator: " and ")
    let which = pairs.count < order.count ? taken : pairs.count == 1 ? "it" : "them"
    return "\(all); to take \(which), give dp-convert "
      + "--labels \(option), or training_data in input.json \"labels\": {\(key)}"
  }

  private mutating func add(_ name: String, _ label: String) {
    order.append(name)
    names[label, default: []].append(name)
  }

  /// Whether the header's key `key` is a label's usual one.
  private static func isRead(_ key: String) -> Bool {
    if key == "free_energy" { return true }
    guard let label = LabelNames.label(named: key) else { return false }
    return label == "stress" || !LabelKind(named: label).isPerAtom
  }

  /// The word in `name` that makes it look like a label; nil if nothing does, or if it is a weight
  /// or a unit.
  private static func labelWord(in name: String) -> String? {
    if ["weight", "sigma", "unit"].contains(where: name.contains) { return nil }
    return ["energ", "force", "virial", "stress"].first(where: name.contains)
  }
}
