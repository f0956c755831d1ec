import Diagnostics
import Files
import Foundation
import Models

extension ReportPage {
  /// The configuration of the training, in words and in full.
  func configuration() -> HTML {
    guard let input = folder.checkpoint?.configuration else {
      return missing("Nothing was trained", "make train")
    }
    var pairs: [(String, HTML)] = []
    if let model = folder.model { pairs += Self.facts(of: model) }
    let rate = input["learning_rate"], training = input["training"]
    func value(_ key: String, _ section: JSONValue?) -> String? {
      section?[key].map { $0.text ?? $0.serialized }
    }
    if let start = value("start_lr", rate) {
      let end = value("stop_lr", rate).map { " to \($0)" } ?? ""
      pairs.append(("Learning rate", "\(start)\(end), \(value("type", rate) ?? "exp")"))
    }
    let weights = Self.weights.compactMap { key, name -> String? in
      if let weight = value(key, input["loss"]) { return "\(name) \(weight)" }
      guard let start = value("start_pref_\(key)", input["loss"]) else { return nil }
      return "\(name) \(start) to \(value("limit_pref_\(key)", input["loss"]) ?? "?")"
    }
    if let measure = value("loss_func", input["loss"]) { pairs.append(("Loss", "\(measure)")) }
    if !weights.isEmpty {
      pairs.append(("Weights in the loss", "\(weights.joined(separator: ", "))"))
    }
    if let size = value("batch_size", training?["training_data"]) {
      pairs.append(("Batch size", "\(size)"))
    }
    if let seed = value("seed", training) { pairs.append(("Seed of the batches", "\(seed)")) }
    return facts(pairs) + """
      <details>
      <summary>All of it, as <code>input.json</code> was understood</summary>
      <pre>\(Self.pretty(input))</pre>
      </details>

      """
  }

  /// The keys of weights in losses, or what follows `start_pref_` in them, and their names.
  private static let weights = [
    ("e", "energy"), ("f", "force"), ("v", "virial"), ("pref", "frames"), ("pref_atomic", "atoms"),
    ("dos", "frames"), ("cdf", "frames, cumulative"), ("ados", "atoms"),
    ("acdf", "atoms, cumulative"),
  ]

  private static func facts(of model: ModelSummary) -> [(String, HTML)] {
    func networks(_ nets: ModelSummary.Networks) -> HTML {
      """
      \(nets.widths.map(String.init).joined(separator: " – ")), \(nets.activation), \(nets.precision), \
      \(counted(nets.count, nets.areLayers ? "layer" : "net")) with \(counted(nets.parameters, "parameter"))
      """
    }
    func descriptor(
      _ name: String, _ kind: String, _ inner: Double, _ outer: Double, _ slots: [Int],
      _ embedding: ModelSummary.Networks
    ) -> [(String, HTML)] {
      let slots =
        slots.count == model.typeMap.count
        ? zip(model.typeMap, slots).map { "\($0) \($1)" }.joined(separator: ", ")
        : "\(slots.reduce(0, +)) for all types"
      return [
        (name, "\(kind), \(plain(inner)) Å to \(plain(outer)) Å"),
        ("Neighbor slots", "\(slots)"), ("Embedding", networks(embedding)),
      ]
    }
    let axis = model.axisWidth.map { [("Axis width", HTML("\($0)"))] } ?? []
    let output: [(String, HTML)] =
      model.output == "energy"
      ? [] : [("Output", "\(model.output), \(counted(model.outputWidth, "number"))")]
    let descriptors =
      model.parts?.enumerated().flatMap { number, part in
        descriptor(
          "Descriptor \(number + 1) of a hybrid", part.descriptor, part.innerCutoff,
          part.outerCutoff, part.slots, part.embedding)
      }
      ?? descriptor(
        "Descriptor", model.descriptor, model.innerCutoff, model.outerCutoff, model.slots,
        model.embedding)
    return [("Elements", "\(model.typeMap.joined(separator: ", "))")] + descriptors + axis
      + [("Fitting", networks(model.fitting))] + output
      + model.pairPotentials.map { ("Pair energies", "\($0.text)") }
  }

  /// A JSON document with indentation; lists of plain values stay on one line.
  private static func pretty(_ value: JSONValue, indent: String = "") -> String {
    switch value {
    case .object(let members) where !members.isEmpty:
      let lines = members.keys.sorted().map { key in
        "\(indent)  \(JSONValue.string(key).serialized): \(pretty(members[key] ?? .null, indent: indent + "  "))"
      }
      return "{\n\(lines.joined(separator: ",\n"))\n\(indent)}"
    case .array(let elements)
    where elements.contains { !$0.members.isEmpty || !$0.elements.isEmpty }:
      let lines = elements.map { "\(indent)  \(pretty($0, indent: indent + "  "))" }
      return "[\n\(lines.joined(separator: ",\n"))\n\(indent)]"
    case .array(let elements):
      return "[\(elements.map(\.serialized).joined(separator: ", "))]"
    default: return value.serialized
    }
  }
}
