import DeepPotential
import Files
import Kernels

/// The `model` section of a configuration.
struct ModelSection {
  private(set) var options: ModelOptions?
  private(set) var slotRule = SlotRule.automatic(ratio: SlotRule.usualRatio)
  private(set) var statisticsBatches = 10
  private(set) var statisticsProtection = 0.01
  private(set) var descriptorSeed: Int?
  private(set) var fittingSeed: Int?

  init(_ section: ConfigurationSection) {
    if section.has("model_dict") {
      section.report("model_dict", "multi-task training is not supported")
      return
    }
    let type = section.read("type", .text, default: "standard")
    if type != "standard" {
      section.report("type", "model type \"\(type)\" is not supported; only \"standard\" is")
      return
    }
    let typeMap = section.require(
      "type_map",
      ValueKind.text.list("a list of element names").whereIs("a list of different element names") {
        !$0.isEmpty && Set($0).count == $0.count
      }, remedy: "list the elements of the data, for example [\"O\", \"H\"]")
    statisticsBatches = section.read("data_stat_nbatch", .positiveInteger, default: 10)
    statisticsProtection = section.read("data_stat_protect", .nonNegative, default: 0.01)
    let types = typeMap?.count
    let pairs = section.read("pair_exclude_types", .pairs(below: types), default: [])
    let atoms = section.read("atom_exclude_types", .types(below: types), default: [])
    ModelSection.refuseOthers(section)
    let descriptor = readDescriptor(section.section("descriptor", isRequired: true), types: types)
    let fitting = readFitting(section.section("fitting_net", isRequired: true), types: types)
    section.finish()
    guard let typeMap, let descriptor, let fitting else { return }
    var options = ModelOptions(typeMap: typeMap, descriptor: descriptor, fitting: fitting)
    options.excludedPairs = pairs
    options.excludedAtomTypes = atoms
    self.options = options
  }

  /// Notes or refuses the rest of what DeePMD-kit knows in this section.
  private static func refuseOthers(_ section: ConfigurationSection) {
    section.accept(
      "data_bias_nsample", "srtab_add_bias", "info", "model_branch_alias", "bridging_r_inner",
      "bridging_r_outer")
    section.refuse("bridging_method", unless: .string("None"))
    section.refuse("preset_out_bias", unless: .null)
    for name in [
      "use_srtab", "smin_alpha", "sw_rmin", "sw_rmax", "type_embedding", "modifier", "compress",
      "spin", "finetune_head", "shared_dict",
    ] { section.refuse(name) }
  }

  private mutating func readDescriptor(
    _ section: ConfigurationSection, types: Int?
  ) -> SeE2AOptions? {
    guard let type = section.require("type", .text) else { return nil }
    guard type == "se_e2_a" || type == "se_a" else {
      section.report(
        "type", "descriptor \"\(type)\" is not supported; \"se_e2_a\" is",
        remedy: knownDescriptors.contains(type)
          ? nil : closestName(to: type, among: ["se_e2_a"]).map { "did you mean \"\($0)\"?" })
      return nil
    }
    slotRule = section.read("sel", .slots(types: types), default: slotRule)
    let outer = section.read("rcut", .positive, default: 6)
    let inner = section.read("rcut_smth", .nonNegative, default: 0.5)
    if inner >= outer {
      section.report("rcut_smth", "found \(inner) Å, expected less than rcut, \(outer) Å")
    }
    let neuron = section.read("neuron", .widths, default: [10, 20, 40])
    let axis = section.read("axis_neuron", or: ["n_axis_neuron"], .positiveInteger, default: 4)
    if let last = neuron.last, axis > last {
      section.report("axis_neuron", "found \(axis), expected at most the last neuron, \(last)")
    }
    var slots = (0..<(types ?? 1)).map { _ in 0 }
    if case .given(let given) = slotRule { slots = given }
    var options = SeE2AOptions(
      innerCutoff: inner, outerCutoff: outer, slots: slots, neuron: neuron, axisWidth: axis)
    options.activation = section.read("activation_function", .activation, default: .tanh)
    options.resnetTimestep = section.read("resnet_dt", .bool, default: false)
    options.typeOneSide = section.read("type_one_side", .bool, default: false)
    options.precision = section.read("precision", .precision, default: .float64)
    options.trainable = section.read("trainable", .bool, default: true)
    descriptorSeed = section.optional("seed", .integer)
    options.excludedPairs = section.read("exclude_types", .pairs(below: types), default: [])
    options.protection = section.read("env_protection", .nonNegative, default: 0)
    options.meanIsZero = section.read("set_davg_zero", .bool, default: false)
    section.finish()
    return options
  }

  private mutating func readFitting(
    _ section: ConfigurationSection, types: Int?
  ) -> FittingOptions? {
    let type = section.read("type", .text, default: "ener")
    guard type == "ener" else {
      section.report("type", "fitting net \"\(type)\" is not supported; \"ener\" is")
      return nil
    }
    var options = FittingOptions(
      neuron: section.read("neuron", or: ["n_neuron"], .widths, default: [120, 120, 120]))
    let layers = options.neuron.count + 1
    options.resnetTimestep = section.read("resnet_dt", .bool, default: true)
    options.activation = section.read("activation_function", .activation, default: .tanh)
    options.precision = section.read("precision", .precision, default: .float64)
    options.frameParameters = section.read("numb_fparam", .size(from: 0), default: 0)
    options.atomParameters = section.read("numb_aparam", .size(from: 0), default: 0)
    options.defaultFrameParameters = section.optional(
      "default_fparam", .defaults(options.frameParameters)
    ).flatMap { $0.isEmpty ? nil : $0 }
    options.trainable = section.read(
      "trainable", .layers(layers), default: Array(repeating: true, count: layers))
    options.singularCutoff = section.optional("rcond", .nonNegative)
    options.atomEnergies = section.read("atom_ener", .atomEnergies(types: types), default: [])
    fittingSeed = section.optional("seed", .integer)
    section.refuse("dim_case_embd", unless: .integer(0))
    section.refuse("layer_name")
    section.refuse("use_aparam_as_mask", unless: .bool(false))
    section.finish()
    return options
  }
}

/// Names of descriptors that DeePMD-kit has.
private let knownDescriptors: Set<String> = [
  "loc_frame", "se_e2_r", "se_r", "se_e3", "se_at", "se_a_3be", "se_t", "se_a_tpe", "se_a_ebd",
  "hybrid", "se_atten", "dpa1", "se_e3_tebd", "se_atten_v2", "dpa2", "dpa3", "dpa4", "dpa4c",
  "se_a_ebd_v2", "se_a_tpe_v2", "se_a_mask", "DPA4", "DPA4C", "SeZM", "sezm",
]
