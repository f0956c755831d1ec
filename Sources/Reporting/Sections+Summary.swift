import Datasets
import Diagnostics

extension ReportPage {
  /// The quality of the model at a glance.
  func summary() -> HTML {
    let (kind, judged) = folder.judged
    let overall = judged?["overall"]
    var tiles = quantities.compactMap { quantity -> HTML? in
      guard let error = quantity.error("rmse", of: overall) else { return nil }
      let earlier = folder.earlierErrors[quantity.keys.table].map { quantity.factor * $0 }
      return tile(
        "\(quantity.name) error", short(error), quantity.unit,
        earlier.map { change(error, from: $0) } ?? "RMSE, \(kind)")
    }
    if let timing = folder.lastTiming, let seconds = timing["seconds"]?.number {
      tiles.append(tile("Training time", duration(seconds), "", "as measured"))
    }
    let frames = (overall?["frames"]?.count).map { " of \(counted($0, "\(kind) frame"))" } ?? ""
    let present = quantities.filter { $0.error("rmse", of: overall) != nil }
    let what = present.map(\.description).joined(separator: ", ")
    let unit = present.contains { $0.unit.isEmpty } ? "; in the unit of the data" : ""
    let note: HTML =
      overall == nil
      ? missing("The model was not evaluated", "make report")
      : """
      <p class="note">Root mean square errors\(frames): \(what)\(unit).\
      \(folder.earlierErrors.isEmpty ? "" : " Arrows compare with the model before.")\
      \(folder.validationNote.map { " (\($0))" } ?? "")</p>

      """
    return "<div class=\"tiles\">\n\(tiles)</div>\n\(note)"
  }

  private func tile(_ title: String, _ value: String, _ unit: String, _ below: HTML) -> HTML {
    """
    <div class="tile"><p class="name">\(title)</p>\
    <p class="value">\(value) <span class="unit">\(unit)</span></p><p class="below">\(below)</p></div>

    """
  }

  /// The change since the previous model, in words and in color.
  private func change(_ error: Double, from earlier: Double) -> HTML {
    if error == earlier { return "as the model before" }
    let percent = fixed(100 * abs(error / earlier - 1), abs(error / earlier - 1) < 0.1 ? 1 : 0)
    return error < earlier
      ? "<span class=\"better\">▼ \(percent) %</span> from \(short(earlier))"
      : "<span class=\"worse\">▲ \(percent) %</span> from \(short(earlier))"
  }
}
