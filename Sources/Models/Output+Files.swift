import DeepPotential
import Diagnostics
import Files

/// What model files say of an output in another way than inputs.
extension Output {
  /// The version of fitting nets of this kind in files.
  var fileVersion: Int {
    switch self {
    case .energy, .dipole, .densityOfStates: 4
    case .polarizability: 5
    case .property: 6
    case .directForces, .denoising: 1
    }
  }

  /// DeePMD-kit's name of the output in files (`var_name`).
  var nameInFiles: String {
    switch self {
    case .polarizability: "polar"
    case .directForces: "dforce"
    default: definition.name
    }
  }

  /// The members of fitting nets of this kind that are no keys.
  var namesInFiles: [String] {
    switch self {
    case .energy: ["dim_out"]
    case .dipole: ["embedding_width", "r_differentiable", "c_differentiable"]
    case .polarizability: ["embedding_width"]
    case .densityOfStates, .property: ["dim_out", "atom_ener"]
    case .directForces: ["embedding_width"] + (hasEnergyNets ? ["energy_nets"] : [])
    case .denoising: ["type_norm", "coordinate_net"]
    }
  }

  /// These members, behind a descriptor with so many vectors.
  func members(vectors: Int) -> [String: JSONValue] {
    switch self {
    case .energy: ["dim_out": 1]
    case .dipole:
      [
        "embedding_width": .integer(vectors), "r_differentiable": true, "c_differentiable": true,
      ]
    case .polarizability, .directForces: ["embedding_width": .integer(vectors)]
    case .denoising: [:]
    case .densityOfStates, .property:
      ["dim_out": .integer(definition.width), "atom_ener": .null]
    }
  }

  /// The arrays of fitting nets of this kind, besides those that all have.
  func variables(types: Int, with writer: inout ModelWriter) -> [String: JSONValue] {
    guard case .polarizability(let options) = self else { return [:] }
    let scales = (0..<types).map { options.scale(of: $0) }
    let constants = options.constants.isEmpty ? scales.map { _ in 0 } : options.constants
    return [
      "scale": writer.array(scales, shape: [types, 1]),
      "constant_matrix": writer.array(constants, shape: [types]),
    ]
  }
}

extension ModelNode {
  /// The kind of output of the fitting net that this object is, with its usual options.
  var output: Output {
    get throws {
      let types = Output.kinds.map(\.type)
      try check(type: types, of: "fitting net")
      guard let kind = Output(type: try string("type")) else {
        throw wrong("type", types.joined(separator: ", "))
      }
      return kind
    }
  }

  /// Reads what is no key of `output`, and checks what follows from its keys.
  func read(into output: inout Output, types: Int) throws {
    switch output {
    case .energy, .dipole, .directForces: break
    case .denoising:
      guard types > 1 else { throw wrong("ntypes", "a type more than those that are told apart") }
      output = .denoising(types: types - 1)
    case .polarizability(var options):
      options.scale = try array("scale", shape: [types, 1])
      if options.scale.allSatisfy({ $0 == 1 }) { options.scale = [] }
      if hasArray("constant_matrix") {
        options.constants = try array("constant_matrix", shape: [types])
        if options.constants.allSatisfy({ $0 == 0 }) { options.constants = [] }
      }
      output = .polarizability(options)
    case .densityOfStates:
      let points = try integer("dim_out")
      guard (1...largestSize).contains(points) else {
        throw wrong("dim_out", "a number of energies")
      }
      output = .densityOfStates(points: points)
    case .property(var options):
      options.name = try string("var_name")
      output = .property(options)
    }
    guard try string("var_name") == output.nameInFiles else {
      throw wrong("var_name", "'\(output.nameInFiles)'")
    }
    if output.namesInFiles.contains("dim_out"), try integer("dim_out") != output.definition.width {
      throw wrong("dim_out", "\(output.definition.width)")
    }
    guard !output.subtractsVacuum, case .array(let energies)? = members["atom_ener"] else { return }
    guard energies.allSatisfy({ $0 == .null }) else { throw wrong("atom_ener", "none") }
  }

  /// The width of the nets for `output` behind a descriptor with so many vectors.
  func netWidth(of output: Output, vectors: Int?) throws -> Int {
    guard output.needsVectors else { return output.netWidth(vectors: 0) }
    guard let vectors else {
      throw ToolError(
        .data, at: "\(place)/type", "'\(output.type)' needs a descriptor with vectors",
        remedy: "se_e2_a, se_atten and se_atten_v2 have them")
    }
    guard try integer("embedding_width") == vectors else {
      throw wrong("embedding_width", "\(vectors), the descriptor's number of vectors")
    }
    return output.netWidth(vectors: vectors)
  }
}
