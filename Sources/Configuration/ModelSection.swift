import DeepPotential
import Files
import Models

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
    ModelSection.refuseOthers(section)
    let descriptor = readDescriptor(section.section("descriptor", isRequired: true), types: types)
    let fitting = readFitting(section.section("fitting_net", isRequired: true), types: types)
    var options = ModelOptions(
      typeMap: typeMap ?? [], descriptor: descriptor ?? SeE2AOptions(),
      fitting: fitting ?? FittingOptions())
    section.read(ModelOptions.keys(types: types), into: &options)
    section.finish()
    if typeMap != nil && descriptor != nil && fitting != nil { self.options = options }
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
    var options = SeE2AOptions()
    options.slots = (0..<(types ?? 1)).map { _ in 0 }
    if case .given(let given) = slotRule { options.slots = given }
    let keys = SeE2AOptions.keys(types: types)
    section.read(keys, into: &options, butFor: ["sel"])
    section.report(options.conflicts, of: options, keys)
    descriptorSeed = section.optional("seed", .integer)
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
    var options = FittingOptions()
    section.read(FittingOptions.keys(types: types), into: &options)
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
