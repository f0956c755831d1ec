import Diagnostics
import Files
import Training

extension BiasChange {
  /// The change as a table: the bias of each type, and the errors before and after.
  public var text: String {
    var table = Table()
    table.row("\(output.name) bias", titles: ["before", "after", "change"])
    for place in before.indices {
      let type = place / output.width, component = output.components[place % output.width]
      let name = typeMap[type] + (component.isEmpty ? "" : " \(component)")
      table.row(
        isPresent[type] || frameCount == 0 ? name : "\(name) (not in data)",
        [before[place], after[place], after[place] - before[place]], output.unit)
    }
    guard frameCount > 0, output == .energy else { return table.text }
    table.row("errors, \(counted(frameCount, "frame"))", titles: ["before", "after"])
    for (name, unit, before, after) in errors {
      table.row("\(name) MAE", [before.meanAbsolute, after.meanAbsolute], unit)
      table.row("\(name) RMSE", [before.rootMeanSquare, after.rootMeanSquare], unit)
    }
    return table.text
  }

  /// The change as JSON.
  public var json: JSONValue {
    var members: [String: JSONValue] = [
      "frames": .integer(frameCount),
      "bias": .array(
        before.indices.map { place in
          let type = place / output.width
          return .object([
            "type": .string(typeMap[type]), "before": .number(before[place]),
            "after": .number(after[place]), "unit": .string(output.unit),
            "in_data": .bool(isPresent[type]),
          ])
        }),
    ]
    for (name, unit, before, after) in errors {
      members[name == "force" ? name : "energy_per_atom"] = .object([
        "before": Self.json(before), "after": Self.json(after), "unit": .string(unit),
      ])
    }
    return .object(members)
  }

  /// The errors of the quantities that have labels.
  private var errors: [(name: String, unit: String, before: ErrorSum, after: ErrorSum)] {
    [
      ("energy/atom", "eV", energyBefore, energyAfter), ("force", "eV/Å", force, force),
    ].filter { $0.2.weight > 0 }
  }

  private static func json(_ sum: ErrorSum) -> JSONValue {
    .object(["mae": .number(sum.meanAbsolute), "rmse": .number(sum.rootMeanSquare)])
  }
}

/// A table whose rows have a name and numbers.
private struct Table {
  private var content = NumberText()

  var text: String { String(decoding: content.bytes, as: UTF8.self) }

  mutating func row(_ name: String, titles: [String]) {
    content.append(Self.padded(name))
    for title in titles {
      content.append(String(repeating: " ", count: max(1, 18 - title.count)) + title)
    }
    content.append("\n")
  }

  mutating func row(_ name: String, _ values: [Double], _ unit: String) {
    content.append(Self.padded("  " + name))
    for value in values { content.append(value, digits: 9, width: 18) }
    content.append(unit.isEmpty ? "\n" : "  \(unit)\n")
  }

  private static func padded(_ text: String) -> String {
    text + String(repeating: " ", count: max(1, 22 - text.count))
  }
}
