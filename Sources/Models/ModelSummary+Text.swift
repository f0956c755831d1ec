import Diagnostics

extension ModelSummary {
  /// The summary as a table: one line per property.
  public var text: String {
    let sides = typeOneSide ? "per neighbor type" : "per pair of types"
    var rows = [
      ("types", typeMap.joined(separator: " ")),
      ("descriptor", "\(descriptor), \(counted(embedding.count, "embedding net")), one \(sides)"),
      ("cutoffs", "\(innerCutoff) Å to \(outerCutoff) Å"),
      ("sel", slots.map(String.init).joined(separator: " ")),
      ("embedding", Self.text(embedding)),
      ("axis width", "\(axisWidth)"),
      ("fitting", Self.text(fitting)),
      ("parameters", grouped(embedding.parameters + fitting.parameters)),
      ("energy bias", zip(typeMap, bias).map { "\($0) \($1) eV" }.joined(separator: ", ")),
    ]
    if !excludedPairs.isEmpty {
      rows.append(("excluded pairs", excludedPairs.map(pair).joined(separator: ", ")))
    }
    if !excludedTypes.isEmpty {
      rows.append(("excluded types", excludedTypes.map { typeMap[$0] }.joined(separator: " ")))
    }
    if frameParameters > 0 {
      let values = defaultFrameParameters.map { $0.map { "\($0)" }.joined(separator: " ") }
      let given = values.map { ", \($0) unless given" } ?? ""
      rows.append(("frame parameters", "\(frameParameters)\(given)"))
    }
    if atomParameters > 0 { rows.append(("atom parameters", "\(atomParameters)")) }
    if let minimumDistance { rows.append(("closest atoms", "\(minimumDistance) Å apart")) }
    if let step { rows.append(("training", "\(counted(step, "step"))")) }
    for key in provenance.keys.sorted() { rows.append((key, provenance[key] ?? "")) }
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { name, value in
      name + String(repeating: " ", count: width - name.count + 2) + value + "\n"
    }.joined()
  }

  private static func text(_ networks: Networks) -> String {
    let widths = networks.widths.map(String.init).joined(separator: "-")
    let timesteps = networks.timesteps ? ", timesteps" : ""
    return "\(widths), \(networks.activation)\(timesteps), \(networks.precision)"
  }

  private func pair(_ types: [Int]) -> String {
    types.map { typeMap[$0] }.joined(separator: "-")
  }
}
