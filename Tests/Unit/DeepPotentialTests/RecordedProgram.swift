import DeepPotential
import Files
import HDF5
import Kernels
import Models
import TestSupport
import Testing

/// A model file of DeePMD-kit's as a program; DPA-3, which the program's own reader does not know,
/// is read here.
struct RecordedProgram {
  let program: Program
  let parameters: Parameters
  /// The path of each parameter array in the file, and its places.
  let places: [(path: String, range: Range<Int>)]

  init(_ name: String, tileSize: Int = 16) throws {
    guard name.contains("dpa3") else {
      let path = fixtures.appending(path: "descriptors/\(name).dp").path
      let model = try StoredModel.read(path).model
      program = model.program(tileSize: tileSize)
      parameters = model.parameters
      places = model.tensors.map { ($0.path, $0.range) }
      return
    }
    var reader = try ArrayReader(fixtures.appending(path: "descriptors/\(name).dp").path)
    let model = try #require(reader.root["model"])
    let descriptor = try #require(model["descriptor"]), node = try #require(model["fitting"])
    let types = try #require(model["type_map"]).elements.count
    var builder = ProgramBuilder(typeCount: types)
    let at = "model/descriptor"
    let sources: [View]
    switch try #require(descriptor["type"]?.text) {
    case "dpa3": sources = try reader.dpa3(descriptor, at).emit(into: &builder)
    case let other: throw RecordedModelError.unknown(other)
    }
    let fitting = try reader.fitting(node)
    let energy = fitting.emit(into: &builder, on: sources)
    let nodeBias = try reader.array(node, "bias_atom_e").values
    let outBias = try reader.array(model, "out_bias").values
    let edges = try #require(descriptor["repflow_args"])
    program = Program(
      builder, result: energy,
      cutoff: try edges.number("e_rcut"), neighborLimit: Int(try edges.number("e_sel")),
      biases: (0..<types).map { nodeBias[$0] + outBias[$0] }, inputs: fitting.inputs,
      tileSize: tileSize)
    parameters = Parameters(float64: reader.numbers)
    places = reader.places
  }

  /// The numbers of a gradient by the paths of the file.
  func byPath(_ gradient: Parameters) -> [String: [Double]] {
    Dictionary(uniqueKeysWithValues: places.map { ($0.path, Array(gradient.float64[$0.range])) })
  }
}

enum RecordedModelError: Error { case unknown(String) }

/// An open file that several values may hold.
private final class OpenFile {
  let file: HDF5File
  init(_ file: consuming HDF5File) { self.file = file }
}

/// Reads arrays of a model file, and lays out those that are parameters.
struct ArrayReader {
  private let open: OpenFile
  let root: JSONValue
  private var layout = ParameterLayout()
  private(set) var numbers: [Double] = []
  private(set) var places: [(path: String, range: Range<Int>)] = []

  init(_ path: String) throws {
    open = OpenFile(try HDF5File(reading: path))
    let text = try open.file.stringAttribute("json", of: "/") ?? ""
    root = try JSONValue(parsing: text.utf8, at: path)
  }

  /// An array that is no parameter.
  func array(_ node: JSONValue, _ key: String) throws -> (values: [Double], shape: [Int]) {
    let path = try #require(node["@variables"]?[key]?.text)
    return (try open.file.doubles(path), try open.file.shape(of: path))
  }

  /// Whether there is such an array.
  func has(_ node: JSONValue, _ key: String) -> Bool { node["@variables"]?[key]?.text != nil }

  /// Takes in a parameter array of the object at `path`.
  mutating func parameter(_ node: JSONValue, _ key: String, _ path: String) throws -> Range<Int> {
    let values = try array(node, key).values
    let range = layout.take(values.count, .float64)
    append(values, range, "\(path)/@variables/\(key)")
    return range
  }

  /// Takes in a list of parameter arrays.
  mutating func parameters(
    _ node: JSONValue, _ key: String, _ path: String
  ) throws -> [Range<Int>] {
    let names = node["@variables"]?[key]?.elements.compactMap(\.text) ?? []
    return try names.enumerated().map { k, name in
      let values = try open.file.doubles(name)
      let range = layout.take(values.count, .float64)
      append(values, range, "\(path)/@variables/\(key)[\(k)]")
      return range
    }
  }

  /// The layer at `path`, with the activation of the file or another.
  mutating func layer(
    _ node: JSONValue, _ path: String, activation: Activation? = nil
  ) throws -> DenseLayer {
    let (weights, shape) = try array(node, "w")
    let name = activation?.name ?? node["activation_function"]?.text ?? "none"
    let layer = DenseLayer(
      inputs: shape[0], outputs: shape[1],
      activation: try #require(Activation(name: name)), hasBias: has(node, "b"),
      hasTimestep: has(node, "idt"), wantsShortcut: node["resnet"] == .bool(true),
      precision: .float64, in: &layout)
    append(weights, layer.weights, "\(path)/@variables/w")
    for (key, range) in [("b", layer.biases), ("idt", layer.timesteps)] {
      if let range { append(try array(node, key).values, range, "\(path)/@variables/\(key)") }
    }
    return layer
  }

  /// The network at `path`.
  mutating func network(_ node: JSONValue, _ path: String) throws -> DenseNetwork {
    var layers: [DenseLayer] = []
    for (k, layer) in (node["layers"]?.elements ?? []).enumerated() {
      layers.append(try self.layer(layer, "\(path)/layers[\(k)]"))
    }
    return DenseNetwork(precision: .float64, layers: layers)
  }

  /// Some networks of a collection, all of them by default.
  mutating func networks(
    _ parent: JSONValue, _ key: String, _ path: String, _ numbers: [Int]? = nil
  ) throws -> [DenseNetwork] {
    let all = try #require(parent[key]?["networks"]).elements
    var networks: [DenseNetwork] = []
    for k in numbers ?? Array(all.indices) {
      networks.append(try network(all[k], "\(path)/\(key)/networks[\(k)]"))
    }
    return networks
  }

  private mutating func append(_ values: [Double], _ range: Range<Int>, _ path: String) {
    numbers += Array(repeating: 0, count: range.upperBound - numbers.count)
    numbers.replaceSubrange(range, with: values)
    places.append((path, range))
  }
}

extension JSONValue {
  func number(_ key: String) throws -> Double { try #require(self[key]?.double) }
  /// A flag, with what it is where the file does not have it.
  func flag(_ key: String, default value: Bool) -> Bool {
    self[key].map { $0 == .bool(true) } ?? value
  }
  var pairs: [[Int]] { elements.map { $0.numbers.map { Int($0) } } }
  var wholeNumbers: [Int] { numbers.map { Int($0) } }
}
