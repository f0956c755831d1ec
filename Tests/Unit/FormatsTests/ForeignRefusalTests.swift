import Diagnostics
import Files
import ForeignModels
import Foundation
import Models
import Protobuf
import TestSupport
import Testing

/// Files that cannot be read as models: each error says what the file is, and what to do.
struct ForeignRefusalTests {
  private static let folder = fixtures.appending(path: "foreign")

  private static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appending(path: name)))
  }

  private func error(_ bytes: [UInt8], _ choice: ModelChoice = ModelChoice()) -> ToolError? {
    #expect(throws: ToolError.self) {
      _ = try ForeignModel(bytes, name: "old.model", choice: choice)
    }
  }

  @Test(arguments: [
    ("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "Git LFS", "git lfs"),
    ("../models/graph.pb", "a link that became a file", "../models"),
    ("node {\n  name: \"a\"\n  op: \"Const\"\n}\n", "written as text", "pbtxt"),
    ("\u{7f}ELF and more", "compiled code", "convert-backend"),
    ("a: [1\n\"@class\": [", "YAML that is not understood", ""),
    ("\"@class\": Model\nb: 1\n", "YAML, but holds no model", ""),
  ]) func `a text that is no model is called what it is`(
    text: String, problem: String, remedy: String
  ) {
    let error = error(Array(text.utf8))
    #expect(error?.kind == .data && error?.problem.contains(problem) == true)
    #expect(remedy.isEmpty || "\(error?.problem ?? "") \(error?.remedy ?? "")".contains(remedy))
  }

  @Test(arguments: [
    ("pt_multitask.pt", "holds 2 models: alpha, beta")
  ]) func `a model that is not supported is named`(name: String, problem: String) throws {
    let error = error(try Self.bytes(name))
    #expect(error?.problem.contains(problem) == true)
  }

  @Test func `a model that a checkpoint does not have is answered with those that it has`() throws {
    let error = error(try Self.bytes("pt_multitask.pt"), ModelChoice(branch: "gamma"))
    #expect(error?.problem.contains("'gamma'") == true)
    #expect(error?.remedy?.contains("alpha, beta") == true)
  }

  @Test func `averaged weights that a checkpoint does not have are not replaced by others`() throws
  {
    let error = error(
      try Self.bytes("pt_multitask.pt"), ModelChoice(branch: "beta", isAveraged: true))
    #expect(error?.problem.contains("no averaged weights") == true)
  }

  @Test(arguments: [
    ("Descrpt", "loc_frame"), ("DescrptSeAMask", "se_a_mask"), ("DescrptSeAEf", "electric"),
    ("PairTab", "use_srtab"), ("DprcPairwiseIdx", "DPRc"), ("EwaldRecp", "dipole-charge"),
    ("FltNvnmd", "NVNMD"), ("TabulateFusionSeT", "compressed"),
    ("TabulateFusionSeAtten", "compressed"),
  ]) func `an operation that is not supported is named`(
    operation: String, problem: String
  ) throws {
    var sample = try GraphSample("se_e2_a_oneside", .second)
    sample.add("other", operation)
    #expect(error(sample.graph.bytes)?.problem.contains(problem) == true)
  }

  @Test func `a kind of model that is not supported is named`() throws {
    var sample = try GraphSample("se_e2_a_oneside", .second)
    sample.add("model_attr/model_type", text: "global_polar")
    #expect(error(sample.graph.bytes)?.problem.contains("'global_polar'") == true)
    sample = try GraphSample("se_e2_a_oneside", .second)
    sample.add("spin_attr/ntypes_spin", integers: [1], [])
    #expect(error(sample.graph.bytes)?.problem.contains("spin") == true)
    sample = try GraphSample("se_e2_a_oneside", .second)
    sample.add("fitting_attr_b/dfparam", integers: [0], [])
    #expect(error(sample.graph.bytes)?.problem.contains("multi-task") == true)
    sample = try GraphSample("se_e2_a_oneside", .second)
    sample.add("filter_type_all/matrix_1", [1, 1], [1, 2])
    #expect(error(sample.graph.bytes)?.problem.contains("type embedding") == true)
  }

  @Test(arguments: [
    (#"{"model": {"fitting_net": {"tot_ener_zero": true}}}"#, "tot_ener_zero"),
    (#"{"model": {"fitting_net": {"use_aparam_as_mask": true}}}"#, "use_aparam_as_mask"),
    (#"{"model": {"model_dict": {"a": {}}}}"#, "multi-task"), ("{", "no JSON"),
  ]) func `an input in a graph that is not supported is named`(input: String, part: String) throws {
    var sample = try GraphSample("se_e2_a_oneside", .second)
    sample.add("train_attr/training_script", text: input)
    #expect(error(sample.graph.bytes)?.problem.contains(part) == true)
  }

  @Test func `a modifier, and neighbors with radial information only, are named`() throws {
    var sample = try GraphSample("se_e2_a_oneside", .second)
    sample.add("modifier_attr/type", text: "dipole_charge")
    #expect(error(sample.graph.bytes)?.problem.contains("dipole-charge modifier") == true)
    sample = try GraphSample("se_e2_a_oneside", .second)
    sample.add("descrpt_attr/t_avg", [1], [1])
    #expect(error(sample.graph.bytes)?.problem.contains("means of the environment") == true)
  }

  @Test func `a graph without a node that another one needs is not read as a smaller model`() throws
  {
    let bytes = try Self.bytes("pb_two.pb"), fields = try protobufFields(of: bytes[...])
    var nodes: [(name: String, field: ArraySlice<UInt8>)] = []
    for case .bytes(let message) in fields.filter({ $0.number == 1 }).map(\.value) {
      guard case .bytes(let name)? = try protobufFields(of: message).first?.value else { continue }
      nodes.append((String(decoding: name, as: UTF8.self), message))
    }
    func graph(_ nodes: some Sequence<ArraySlice<UInt8>>, hasEnd: Bool = true) -> [UInt8] {
      var graph = ProtobufMessage()
      for node in nodes { graph.add(1, Array(node)) }
      if hasEnd { graph.add(2, ProtobufMessage()) }
      return graph.bytes
    }
    let all = nodes.map(\.field)
    #expect(try ForeignModel(graph(all), name: "x.pb") != nil)
    let energy = try #require(nodes.firstIndex { $0.name == "o_energy" })
    for count in stride(from: 10, to: energy, by: 97) {
      let cut = error(graph(all.prefix(count), hasEnd: false))
      #expect(cut?.problem.contains("its end is missing") == true)
      // A block that a copy has lost; other checks may find it first.
      _ = error(graph(all.prefix(count) + all.dropFirst(count + 30)))
    }
    for name in ["filter_type_1/matrix_1_0", "layer_1_type_0/bias", "o_energy"] {
      let rest = nodes.filter { $0.name != name && $0.name.hasPrefix("gradients") == false }
      let problem = error(graph(rest.map(\.field)))?.problem ?? ""
      #expect(problem.contains("incomplete TensorFlow graph"), "\(name): \(problem)")
    }
    #expect(error(bytes + [0x42, 1, 65])?.problem.contains("goes on behind its end") == true)
    #expect(error(bytes + [0, 0, 0, 0])?.problem.contains("damaged TensorFlow graph") == true)
  }

  @Test func `an unknown version of a model in YAML is named`() throws {
    let text = String(decoding: try Self.bytes("yaml_se_e2_r.yaml"), as: UTF8.self)
    let newer = text.replacing("type: se_r", with: "type: se_r\n    '@version': 99")
    let error = #expect(throws: ToolError.self) {
      try StoredModel.read(Array(newer.utf8), name: "x.yaml")
    }
    #expect(error?.problem.contains("version 99 of Descriptor is not supported") == true)
  }

  @Test(arguments: [".nan", "-.inf", "1e999"])
  func `an option in YAML that is no finite number is refused`(number: String) throws {
    let text = String(decoding: try Self.bytes("yaml_se_e2_r.yaml"), as: UTF8.self)
    for option in ["sel:\n    - 20", "rcut_smth: 0.5", "resnet_dt: false"] {
      try #require(text.contains(option))
      let start = option.prefix { $0 != " " } + (option.contains("\n") ? "    - " : " ")
      let changed = text.replacing(option, with: start + number)
      #expect(error(Array(changed.utf8))?.problem.contains("no finite number") == true)
    }
  }

  @Test func `numbers in half precision are refused`() throws {
    var value = ProtobufMessage(), tensor = ProtobufMessage(), node = ProtobufMessage()
    tensor.add(1, 19)
    value.add(8, tensor)
    var attribute = ProtobufMessage()
    attribute.add(1, "value")
    attribute.add(2, value)
    node.add(1, "train_attr/min_nbor_dist")
    node.add(2, "Const")
    node.add(5, attribute)
    var graph = try GraphSample("se_e2_a_oneside", .second).graph
    graph.add(1, node)
    #expect(error(graph.bytes)?.problem.contains("half precision") == true)
  }

  @Test func `a graph of another program, and one that is not frozen, are called that`() throws {
    var node = ProtobufMessage()
    node.add(1, "x")
    node.add(2, "Placeholder")
    var graph = ProtobufMessage()
    graph.add(1, node)
    #expect(error(graph.bytes)?.problem.contains("its end is missing") == true)
    graph.add(2, ProtobufMessage())
    #expect(error(graph.bytes)?.problem.contains("no model of DeePMD-kit") == true)
    var sample = try GraphSample("se_e2_a_oneside", .second)
    sample.add("descrpt_attr/t_avg", "VariableV2")
    #expect(error(sample.graph.bytes)?.problem.contains("not frozen") == true)
  }

  @Test func `a folder is no model file, and the error says how to convert it`() throws {
    try withTemporaryFolder { folder in
      let error = #expect(throws: ToolError.self) { try ForeignModel.read(folder.path) }
      #expect(error?.remedy?.contains("convert-backend") == true)
    }
  }

  @Test func `a changed byte of an archive is found`() throws {
    let bytes = try Self.bytes("pth_compressed.pth")
    for place in stride(from: 2000, to: bytes.count - 12_000, by: 4999) {
      var damaged = bytes
      damaged[place] ^= 1
      // Bytes between the entries mean nothing.
      guard let error = try? refusal(damaged) else { continue }
      #expect(error.kind == .data)
    }
    var damaged = bytes
    let numbers = try #require(bytes.firstRange(of: Array("/data/0".utf8)))
    damaged[numbers.upperBound + 200] ^= 1
    #expect(try refusal(damaged)?.problem.contains("checksum") == true)
  }

  @Test(arguments: ["pb_two.pb", "pth_compressed.pth", "pt_multitask.pt", "yaml_se_e2_r.yaml"])
  func `a file that ends too early is refused`(name: String) throws {
    let bytes = try Self.bytes(name),
      choice = ModelChoice(branch: name.hasPrefix("pt_") ? "beta" : nil)
    for part in 1..<8 {
      let rest = Array(bytes[..<(bytes.count * part / 8)])
      #expect(fails(as: .data) { try StoredModel.read(rest, name: name, choice) })
    }
  }

  private func refusal(_ bytes: [UInt8]) throws -> ToolError? {
    do {
      _ = try ForeignModel(bytes, name: "old.model")
      return nil
    } catch let error as ToolError {
      return error
    }
  }
}
