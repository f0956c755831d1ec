import Atoms
import Files

/// Keys and columns of an extended XYZ file that look like labels but are not read.
struct OtherNames {
  /// The names by the label that they may mean; "" holds the names that cannot mean one.
  private(set) var names: [String: [String]] = [:]
  /// All names in the order of the file.
  private var order: [String] = []

  /// Records a value of a header if it looks like a label.
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

  /// Records a column without a meaning if it looks like a label.
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

  /// The notice for the user; nil if there are no such names.
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

  /// Whether `key` is the usual key of a label.
  private static func isRead(_ key: String) -> Bool {
    if key == "free_energy" { return true }
    guard let label = LabelNames.label(named: key) else { return false }
    return label == "stress" || !LabelKind(named: label).isPerAtom
  }

  /// The word in `name` that looks like a label; nil if there is none, or if the name means a
  /// weight or a unit.
  private static func labelWord(in name: String) -> String? {
    if ["weight", "sigma", "unit"].contains(where: name.contains) { return nil }
    return ["energ", "force", "virial", "stress"].first(where: name.contains)
  }
}
