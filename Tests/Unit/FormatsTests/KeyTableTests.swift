import Configuration
import DeepPotential
import Diagnostics
import Files
import Foundation
import Kernels
import Models
import TestSupport
import Testing

/// The tables of keys, which inputs, model files and documents share.
@Suite struct KeyTableTests {
  /// The rows of docs/INPUT.md that `keys` make, where a new part is `part`.
  private func rows<Part>(_ keys: [Key<Part>], _ part: Part) -> [String] {
    keys.filter { $0.isInInputs && !$0.meaning.isEmpty }.map { key in
      let value = key.value(part).serialized
      let also = key.aliases.map { "; *also* `\($0)`" }.joined()
      let isPlain = Double(value) != nil || ["true", "false", "null"].contains(value)
      let shown = key.isRequired ? "" : isPlain ? "\(value) " : "`\(value)` "
      return "| `\(key.name)` | \(shown)| \(key.meaning)\(also) |"
    }
  }

  /// The rows of the first table below `heading` in docs/INPUT.md.
  private func documented(_ heading: String) throws -> [String] {
    let text = try String(
      contentsOf: fixtures.appending(path: "../../../docs/INPUT.md"), encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex(of: "\(heading)"), "\(heading)")
    return lines[start...].drop { !$0.hasPrefix("|---") }.dropFirst().prefix { $0.hasPrefix("|") }
      .map(String.init)
  }

  private func compare(_ rows: [String], _ heading: String, others: [String]) throws {
    let found = try documented(heading)
    let mine = found.filter { row in !others.contains { row.hasPrefix("| `\($0)`") } }
    #expect(mine == rows, "the rows should be\n\(rows.joined(separator: "\n"))")
  }

  @Test func `the tables of the input's document are those of the keys`() throws {
    let common = rows(SeE2ROptions.keys(types: nil), SeE2ROptions())
    try compare(
      common, "Keys of all of them but `dpa2`, `dpa3` and `hybrid`:", others: ["sel", "seed"])
    func check<Part>(
      _ keys: [Key<Part>], _ part: Part, _ heading: String, others: [String] = []
    ) throws {
      let names = SeE2ROptions.keys(types: nil).filter(\.isInInputs).map(\.name)
      try compare(
        rows(keys.filter { !names.contains($0.name) }, part), "#### \(heading)", others: others)
    }
    try check(SeE2AOptions.keys(types: nil), SeE2AOptions(), "se_e2_a")
    try check(
      SeE3TypeEmbeddingOptions.keys(types: nil), SeE3TypeEmbeddingOptions(), "se_e3_tebd")
    try check(DPA1Options.keys(types: nil, isSecondVersion: false), DPA1Options(), "se_atten")
    try check(
      DPA2Options.keys(types: nil), DPA2Options(), "dpa2", others: ["repinit"])
    try compare(
      rows(DPA2Options.repinitKeys, DPA2Options()), "#### dpa2: repinit", others: [])
    try compare(
      rows(RepformerOptions.keys, RepformerOptions()), "#### dpa2: repformer", others: [])
    try check(DPA3Options.keys(types: nil), DPA3Options(), "dpa3", others: ["repflow"])
    try check(DPA3Options.messageKeys, DPA3Options(), "dpa3: repflow", others: ["e_sel"])
    try compare(
      rows(FittingOptions.keys(types: nil), FittingOptions()), "### model/fitting_net",
      others: ["type", "seed"])
    try compare(
      rows(NearnessSwitch.keys, NearnessSwitch.usual), "### use_srtab", others: ["use_srtab"])
    for output in Output.kinds where !FittingOptions.ownKeys(types: nil, of: output).isEmpty {
      var part = FittingOptions()
      part.output = output
      try compare(
        rows(FittingOptions.ownKeys(types: nil, of: output), part), "#### \(output.type)",
        others: [])
    }
    try compare(
      rows(
        ModelOptions.keys(types: nil),
        ModelOptions(typeMap: [], descriptor: SeE2AOptions(), fitting: FittingOptions())),
      "## model",
      others: ["type", "type_map", "descriptor", "data_stat_nbatch", "data_stat_protect"])
  }

  @Test func `what a key writes it takes, from inputs and from models`() throws {
    let model = try StoredModel.read(fixtures.appending(path: "ener_default_fparam.dp").path).model
    let options = model.options
    func check<Part: Equatable>(_ keys: [Key<Part>], _ part: Part, _ new: Part) {
      var copy = new
      for key in keys { #expect(key.take(key.value(part), &copy) == nil, "\(key.name)") }
      #expect(copy == part)
    }
    guard case .seE2A(let descriptor) = options.descriptor else { return }
    check(SeE2AOptions.keys(types: 2), descriptor, SeE2AOptions())
    check(FittingOptions.keys(types: 2), options.fitting, FittingOptions())
  }

  @Test func `a value of another kind is refused and changes nothing`() {
    func check<Part: Equatable>(_ keys: [Key<Part>], _ part: Part) {
      for key in keys {
        var copy = part
        #expect(key.take(["unheard": "of"], &copy) != nil, "\(key.name)")
        #expect(copy == part)
      }
    }
    check(SeE2AOptions.keys(types: 2), SeE2AOptions())
    check(FittingOptions.keys(types: 2), FittingOptions())
  }

  @Test func `model files may say what inputs may not`() throws {
    let name = "se_e2_a_oneside.dp"
    let negative = try readVariant(
      of: name, replacing: #""rcond":null"#, with: #""rcond":-1.0"#)
    #expect(negative.fitting.options.singularCutoff == -1)
    for other in ["double", "default"] {
      let model = try readVariant(
        of: name, replacing: #""precision":"float64","rcond""#,
        with: #""precision":"\#(other)","rcond""#)
      #expect(model.fitting.options.precision == .float64)
    }
    func taken<Part>(_ keys: [Key<Part>], _ name: String, _ value: JSONValue, _ part: Part) -> Bool
    {
      var part = part
      return keys.first { $0.name == name }?.take(value, &part) == nil
    }
    let keys = FittingOptions.keys(types: 2), options = FittingOptions()
    #expect(!taken(keys, "rcond", -1, options) && !taken(keys, "precision", "double", options))
    #expect(!taken(keys, "neuron", [], options) && taken(keys, "neuron", [1], options))
  }

  @Test func `a fitting net without hidden layers is written and read`() throws {
    let model = EnergyModel(
      ModelOptions(
        typeMap: ["O"],
        descriptor: SeE2AOptions(
          innerCutoff: 0.5, outerCutoff: 4, slots: [4], neuron: [2, 4], axisWidth: 2),
        fitting: FittingOptions(neuron: [])))
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "model.h5").path
      try StoredModel(model: model).write(to: path)
      #expect(try StoredModel.read(path).model == model)
    }
  }

  @Test func `keys of descriptors at the top are told where they belong`() throws {
    for (name, home) in [
      ("n_axis_neuron", ""), ("rcut", ""), ("attn_layer", ""), ("tebd_dim", ""),
      ("three_body_sel", "/repinit"), ("attn1_nhead", "/repformer"),
      ("a_compress_rate", "/repflow"), ("use_env_envelope", "/repflow"),
    ] {
      let text = Data(#"{ "model": {}, "\#(name)": 4 }"#.utf8)
      let error = #expect(throws: ToolError.self) { try TrainingInput(text, place: "input.json") }
      #expect(error?.remedy?.contains("put \(name) into \"model/descriptor\(home)\"") == true)
    }
  }

  @Test func `layers of another number take the usual values`() {
    var options = FittingOptions(neuron: [4, 4])
    options.trainable = [false, true, false]
    options.neuron = [5, 5]
    #expect(options.trainable == [false, true, false])
    options.neuron = [5, 5, 5]
    #expect(options.trainable == [true, true, true, true])
  }
}
