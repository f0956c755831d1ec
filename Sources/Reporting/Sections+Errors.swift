import Diagnostics
import Files

extension ReportPage {
  /// The errors over all data, by element and by system.
  func errors() throws -> HTML {
    guard folder.validationErrors != nil || folder.trainingErrors != nil else {
      return missing("The model was not evaluated", "make report")
    }
    let kind = folder.judged.data
    let forces: HTML = isOfEnergies ? "<h3>Forces by element</h3>\n\(byElement())" : ""
    return """
      <h3>All frames</h3>
      \(overall())
      \(try figure(["predictions.h5", "\(kind).h5"], "Predictions beside labels, \(kind) data"))
      \(forces)
      <h3>By system</h3>
      \(bySystem())
      """
  }

  /// The quantities that were evaluated.
  var quantities: [Quantity] { Quantity.all(in: found.map { $0.errors["overall"] }) }

  /// Whether errors of energies, forces or virials were found, and no others.
  private var isOfEnergies: Bool {
    quantities.allSatisfy { quantity in
      Quantity.energies.contains { $0.keys.json == quantity.keys.json }
    }
  }

  private var found: [(name: String, errors: JSONValue)] {
    [("Training", folder.trainingErrors), ("Validation", folder.validationErrors)].compactMap {
      name, errors in errors.map { (name, $0) }
    }
  }

  /// A line for each quantity: root mean square and mean absolute errors on both kinds of data.
  func overall() -> HTML {
    var columns = [Table.Column("", isNumber: false)]
    for (name, _) in found { columns += [.init(name, unit: "RMSE"), .init(name, unit: "MAE")] }
    if !folder.earlierErrors.isEmpty { columns.append(.init("Model before", unit: "RMSE")) }
    columns.append(.init("", isNumber: false))
    let rows = quantities.compactMap { quantity -> [Table.Cell]? in
      let values = found.flatMap { _, errors in
        ["rmse", "mae"].map { quantity.error($0, of: errors["overall"]) }
      }
      if values.allSatisfy({ $0 == nil }) { return nil }
      var row: [Table.Cell] = [.text(quantity.name)] + values.map { .digits($0) }
      if !folder.earlierErrors.isEmpty {
        row.append(.digits(folder.earlierErrors[quantity.keys.table].map { quantity.factor * $0 }))
      }
      return row + [.piece("<span class=\"unit\">\(quantity.unit)</span>")]
    }
    return Table(columns: columns, rows: rows).html
  }

  private func byElement() -> HTML {
    let overall = found.map { $0.errors["overall"]?["force_by_element"] }
    let elements = Set(overall.flatMap { ($0?.members ?? [:]).keys }).sorted()
    guard !elements.isEmpty else { return "<p class=\"note\">No forces to compare with.</p>" }
    var columns = [Table.Column("Element", isNumber: false)]
    for (name, _) in found {
      columns += [
        .init(name, unit: "RMSE, meV/Å"), .init(name, unit: "MAE, meV/Å"),
        .init(name, unit: "components"),
      ]
    }
    let order = folder.model?.typeMap ?? []
    let sorted = order.filter(elements.contains) + elements.filter { !order.contains($0) }
    let rows = sorted.map { element in
      [.text(element)]
        + overall.flatMap { errors -> [Table.Cell] in
          let values = errors?[element]
          return [
            .number(values?["rmse"]?.number.map { 1000 * $0 }),
            .number(values?["mae"]?.number.map { 1000 * $0 }),
            .count(Int(values?["weight"]?.number ?? 0)),
          ]
        }
    }
    return Table(columns: columns, rows: rows).html
  }

  /// The systems in their order; of many systems those with the largest errors.
  private func bySystem() -> HTML {
    let all = found.reversed().flatMap { name, errors in
      (errors["systems"]?.elements ?? []).map { (kind: name, errors: $0) }
    }
    let present = quantities
    let worst = all.sorted { severity($0.errors) > severity($1.errors) }
    let shown = all.count > Self.mostRows ? Array(worst.prefix(Self.mostRows)) : all
    let columns =
      [
        Table.Column("System", isNumber: false), .init("Data", isNumber: false), .init("Frames"),
        .init("Atoms"),
      ]
      + present.map { .init($0.name, unit: $0.unit.isEmpty ? "RMSE" : "RMSE, \($0.unit)") }
    let rows = shown.map { kind, errors -> [Table.Cell] in
      [
        .text(errors["system"]?.text ?? ""), .text(kind.lowercased()),
        .count(errors["frames"]?.count ?? 0), .count(errors["atoms"]?.count ?? 0),
      ] + present.map { .number($0.error("rmse", of: errors)) }
    }
    let note: HTML =
      shown.count < all.count
      ? "<p class=\"note\">The \(shown.count) of \(counted(all.count, "system")) with the largest \(isOfEnergies ? "force " : "")errors.</p>"
      : ""
    return Table(columns: columns, rows: rows).html + note
  }

  private func severity(_ errors: JSONValue) -> Double {
    ([Quantity.force] + quantities).lazy.compactMap { $0.error("rmse", of: errors) }.first ?? 0
  }
}
