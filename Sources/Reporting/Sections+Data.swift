import Datasets
import Diagnostics
import Figures
import Files

extension ReportPage {
  /// The data, and the suspicious properties in them.
  func data() throws -> HTML {
    guard folder.training != nil || folder.data != nil else {
      return missing("No data were converted", "make convert")
    }
    var content: HTML = ""
    if let training = folder.training { content = content + kind("Training data", training) }
    if let validation = folder.validation {
      content = content + kind("Validation data", validation)
    }
    if let note = folder.validationNote { content = content + "<p class=\"note\">\(note)</p>\n" }
    if let report = folder.data {
      content = content + neighbors(report) + findings(report)
    } else {
      content = content + missing("The data were not looked at", "make report")
    }
    return content + (try figure(["stat.h5"], "What the training data hold"))
  }

  /// The training or the validation data: the systems, and dp-stat's report on each.
  private func kind(_ title: String, _ systems: [JSONValue]) -> HTML {
    let reports = Dictionary(
      (folder.data?["systems"]?.elements ?? []).map { ($0["system"]?.text ?? "", $0) },
      uniquingKeysWith: { first, _ in first })
    let isDescribed = systems.contains { reports[$0["place"]?.text ?? ""] != nil }
    var columns = [
      Table.Column("System", isNumber: false), .init("Formula", isNumber: false), .init("Frames"),
      .init("Atoms"),
    ]
    let others = Self.otherLabels(reports.values)
    if let others {
      for name in others {
        columns += [
          .init(Figures.title(ofLabel: name), unit: "mean"), .init("", unit: "deviation"),
        ]
      }
    } else if isDescribed {
      columns += [
        .init("Energy per atom", unit: "mean, eV"), .init("", unit: "deviation, eV"),
        .init("Force", unit: "rms, eV/Å"), .init("", unit: "largest, eV/Å"),
      ]
    }
    let labels = Set(
      systems.map { system in
        (system["labels"]?.elements ?? []).compactMap(\.text).joined(separator: ", ")
      })
    if labels.count > 1 { columns.append(.init("Labels", isNumber: false)) }
    let rows = systems.prefix(Self.mostRows).map { system -> [Table.Cell] in
      var row: [Table.Cell] = [
        .text(system["place"]?.text ?? ""), .piece(Self.formula(system["formula"]?.text ?? "")),
        .count(system["frames"]?.count ?? 0), .count(system["atoms"]?.count ?? 0),
      ]
      let report = reports[system["place"]?.text ?? ""]
      if let others {
        row += others.flatMap { name in
          ["mean", "deviation"].map { .digits(report?["labels"]?[name]?[$0]?.number) }
        }
      } else if isDescribed {
        row += [
          .number(report?["energy_per_atom"]?["mean"]?.number),
          .number(report?["energy_per_atom"]?["deviation"]?.number),
          .number(report?["force"]?["rms"]?.number), .number(report?["force"]?["max"]?.number),
        ]
      }
      if labels.count > 1 {
        row.append(
          .text((system["labels"]?.elements ?? []).compactMap(\.text).joined(separator: ", ")))
      }
      return row
    }
    let frames = systems.reduce(0) { $0 + ($1["frames"]?.count ?? 0) }
    let hidden = systems.count - rows.count
    let note: HTML = hidden > 0 ? "<p class=\"note\">and \(counted(hidden, "more system"))</p>" : ""
    return """
      <h3>\(title)</h3>
      <p>\(counted(systems.count, "system")), \(counted(frames, "frame"))\(labels.count == 1 ? ", with \(labels.joined())" : "")</p>
      \(Table(columns: columns, rows: Array(rows)).html)\(note)
      """
  }

  /// The names of the labels for another output than the energy that dp-stat reports on, those of
  /// frames first; nil for energies.
  private static func otherLabels(_ reports: some Collection<JSONValue>) -> [String]? {
    let labels = reports.compactMap { $0["labels"]?.members.keys }
    if labels.isEmpty { return nil }
    return Set(labels.flatMap(\.self)).sorted { a, b in
      (a.hasPrefix("atom") ? 1 : 0, a) < (b.hasPrefix("atom") ? 1 : 0, b)
    }
  }

  /// The counts of neighbors beside the slots of the model.
  private func neighbors(_ report: JSONValue) -> HTML {
    guard let survey = report["neighbors"] else { return "" }
    let types = (report["type_map"]?.elements ?? []).compactMap(\.text)
    let most = (survey["max_nbor_size"]?.elements ?? []).map { $0.count ?? 0 }
    let rows = types.indices.map { type -> [Table.Cell] in
      let slots = folder.model?.slots ?? []
      return [
        .text(types[type]), .count(type < most.count ? most[type] : 0),
        slots.count == types.count ? .count(slots[type]) : .number(nil),
      ]
    }
    let columns = [
      Table.Column("Neighbors", isNumber: false), .init("at most"), .init("slots", unit: "sel"),
    ]
    let closest = survey["min_nbor_dist"]?.number.map { distance -> HTML in
      "<p>The closest atoms are \(fixed(distance, 3)) Å apart.</p>\n"
    }
    return "<h3>Neighbors</h3>\n\(Table(columns: columns, rows: rows).html)\(closest ?? "")"
  }

  private func findings(_ report: JSONValue) -> HTML {
    let all = (report["systems"]?.elements ?? []).flatMap { system in
      (system["findings"]?.elements ?? []).map { finding -> HTML in
        "<li><code>\(system["system"]?.text ?? "")</code>: \(finding["text"]?.text ?? "")</li>\n"
      }
    }
    let absent = (report["absent_types"]?.elements ?? []).compactMap(\.text)
    var list = Array(all.prefix(Self.mostRows / 2))
    if all.count > list.count { list.append("<li>\(grouped(all.count - list.count)) more</li>") }
    if !absent.isEmpty { list.append("<li>no atoms of \(absent.joined(separator: ", "))</li>") }
    let isOfEnergies = Self.otherLabels(report["systems"]?.elements ?? []) == nil
    let sound =
      isOfEnergies
      ? "no duplicates, outliers, close atoms, net forces or strange units"
      : "no duplicates, and no close atoms"
    return list.isEmpty
      ? "<p>Nothing looks odd: \(sound).</p>\n"
      : "<h3>What looks odd</h3>\n<ul>\n\(list)</ul>\n"
  }

  /// A formula with its numbers as subscripts.
  private static func formula(_ text: String) -> HTML {
    var pieces: [HTML] = []
    for character in text {
      pieces.append(character.isNumber ? "<sub>\(String(character))</sub>" : "\(String(character))")
    }
    return pieces.joined()
  }
}
