import DeepPotential
import Diagnostics
import Files

extension ModelSummary {
  /// The summary as a table with one line per property; the properties of a part follow the line of
  /// the part.
  public var text: String {
    var rows = [("types", typeMap.joined(separator: " "))]
    if let parts {
      let kind = definition["models"] == nil ? descriptor : "added up"
      rows.append(("descriptor", "\(kind), \(counted(parts.count, "part"))"))
      for (part, definition) in zip(parts, definition.descriptors) {
        rows.append(("  \(part.descriptor)", Self.text(part.embedding)))
        rows += settings(of: definition, indent: "    ")
      }
    } else {
      rows.append(("descriptor", "\(descriptor), \(Self.text(embedding))"))
      rows += settings(of: definition.descriptors.first)
    }
    if let tables { rows.append(("tables", tables)) }
    rows.append(("fitting", "\(Self.text(fitting))"))
    rows += settings(of: definition["fitting_net"])
    rows += pairPotentials.map { ("pair energies", $0.text) }
    rows += settings(of: definition, indent: "")
    rows.append(("parameters", grouped(embedding.parameters + fitting.parameters)))
    rows.append(outputRow)
    if hasDirectForces {
      rows.append(("forces", "from a net of their own, no gradient of an energy"))
    }
    if let minimumDistance { rows.append(("closest atoms", "\(minimumDistance) Å apart")) }
    if let step { rows.append(("training", "\(counted(step, "step"))")) }
    for key in provenance.keys.sorted() { rows.append((key, provenance[key] ?? "")) }
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { name, value in
      name + String(repeating: " ", count: width - name.count + 2) + value + "\n"
    }.joined()
  }

  /// The bias of energies; for other outputs what they are.
  private var outputRow: (String, String) {
    if output == OutputDefinition.energy.name {
      return (
        "energy bias", zip(typeMap, bias).map { "\($0) \($1) eV" }.joined(separator: ", ")
      )
    }
    return ("output", "\(output), \(counted(outputWidth, "number"))")
  }

  /// One line for each key of `part` except the type and keys without a value.
  private func settings(of part: JSONValue?, indent: String = "  ") -> [(String, String)] {
    guard case .object(let members)? = part else { return [] }
    return members.keys.sorted().flatMap { key -> [(String, String)] in
      guard let value = members[key], !["type", "type_map", "models"].contains(key) else {
        return []
      }
      // An object inside of the descriptor; those of the model have lines of their own.
      if case .object = value, !indent.isEmpty {
        return [(indent + key, "")] + settings(of: value, indent: indent + "  ")
      }
      return text(value, of: key).map { [(indent + key, $0)] } ?? []
    }
  }

  /// A value as text, with names of types; nil for null, an empty list, and an object.
  private func text(_ value: JSONValue, of key: String) -> String? {
    switch value {
    case .null, .array([]), .object: return nil
    case .string(let text): return text
    case .array(let elements):
      let words = elements.map { element in
        key.hasSuffix("exclude_types") ? names(element) : element.serialized
      }
      return words.joined(separator: " ")
    default: return value.serialized
    }
  }

  /// The name of a type, or the names of a pair of types.
  private func names(_ types: JSONValue) -> String {
    switch types {
    case .integer(let type): typeMap[type]
    case .array(let pair): pair.map(names).joined(separator: "-")
    default: types.serialized
    }
  }

  private static func text(_ networks: Networks) -> String {
    let widths = networks.widths.map(String.init).joined(separator: "-")
    let kind = networks.areTables ? "table" : networks.areLayers ? "layer" : "net"
    return "\(counted(networks.count, kind)) \(widths)"
  }
}
