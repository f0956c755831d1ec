import DeepPotential
import Diagnostics
import Files
import Models

/// The `descriptor` section of a configuration, or one in the list of a hybrid.
struct DescriptorSection {
  private(set) var options: DescriptorOptions?
  /// The rule for the neighbor slots of each list.
  private(set) var slotRules: [SlotRule] = [.automatic(ratio: SlotRule.usualRatio)]
  private(set) var seed: Int?

  init(_ section: ConfigurationSection, typeMap: [String]?) {
    let types = typeMap?.count
    guard let type = section.require("type", .text) else { return }
    let known = DescriptorOptions.named
    guard var options = known.first(where: { $0.name == type })?.options else {
      let names = known.map(\.name)
      // Other names of the same descriptors would make the list long.
      let usual = known.filter { $0.name == $0.options.name }.map(\.name).joined(separator: ", ")
      section.report(
        "type", "descriptor \"\(type)\" is not supported; \(usual) are",
        remedy: Self.remedy(for: type, among: names))
      return
    }
    if case .hybrid = options {
      section.report(
        "type", "a hybrid inside of a hybrid is not supported",
        remedy: "put its parts into the outer list")
      return
    }
    // Nothing throws: the section records what is wrong.
    try? options.read(from: section, types: types)
    let lists = options.lists
    slotRules = lists.map { section.slotRule(of: $0, types: types) }
    options.setSlots(
      zip(lists, slotRules).map { list, rule in
        if case .given(let given) = rule { return given }
        return (0..<(list.isMixed ? 1 : types ?? 1)).map { _ in 0 }
      })
    if case .dpa3(var given) = options {
      // The older key, which says the same.
      if section.section(KeyGroup.repflow.name).read("skip_stat", .bool, default: false) {
        given.fixedDeviation = DPA3Options().fixedDeviation
      }
      options = .dpa3(given)
    }
    section.reportConflicts(of: options, typeMap: typeMap)
    Self.refuseOthers(section, options)
    seed = section.optional("seed", .integer)
    for name in options.namesInInputs.keys where name != "" { section.section(name).finish() }
    section.finish()
    self.options = options
  }

  /// The advice for a descriptor that is not known.
  private static func remedy(for type: String, among names: [String]) -> String? {
    if type == "se_uni" {
      return "it is an early form of DPA-2 in deepmd-pytorch: take \"dpa2\""
    }
    if type == "se_a_ebd_v2" {
      return "nets that take the type's embedding are \"se_atten_v2\" with attn_layer 0"
    }
    if otherDescriptors.contains(type) { return nil }
    return closestName(to: type, among: names).map { "did you mean \"\($0)\"?" }
  }

  /// Notes or refuses the rest of what DeePMD-kit knows of a descriptor.
  private static func refuseOthers(_ section: ConfigurationSection, _ options: DescriptorOptions) {
    switch options {
    case .seE2A, .seE3, .seE3TypeEmbedding, .hybrid: break
    // DeePMD-kit has nets of neighbor types whatever this says.
    case .seE2R:
      if section.find("type_one_side")?.value == .bool(false) {
        Notices.post(
          "\(section.path(of: "type_one_side")): is not used, se_e2_r has one net per neighbor type"
        )
      }
    case .dpa1(let options):
      section.refuse("attn_mask", unless: .bool(false))
      section.refuse("lmax", unless: .null, .integer(1))
      if options.isSecondVersion { return }
      section.refuse("stripped_type_embedding", unless: .null)
      readKeysOfPyTorchSibling(section)
    case .dpa2(let options):
      if !options.usesThreeBody {
        // Nothing needs them.
        section.section(DPA2Options.repinit.name).accept("three_body_sel")
      }
      if options.losesShape {
        Notices.post(
          "\(section.path(of: "repformer/g1_dim")): DeePMD-kit 3.2 cannot read such a model from a "
            + "file, because the first block is as wide as g1_dim, \(options.messages.nodeWidth), "
            + "and there is a three-body block: choose another width")
      }
    case .dpa3:
      section.refuse("add_chg_spin_ebd", unless: .bool(false))
      section.refuse("default_chg_spin", unless: .null)
    }
  }

  /// Accepts the keys that `se_atten` has in deepmd-pytorch alone, where DPA-1 is what they mean.
  private static func readKeysOfPyTorchSibling(_ section: ConfigurationSection) {
    let own = ["post_ln", "ffn", "ffn_embed_dim", "head_num", "activation"]
    section.refuse("post_ln", unless: .bool(true))
    section.refuse("ffn", unless: .bool(false))
    section.refuse("head_num", unless: .integer(1))
    section.accept("ffn_embed_dim")
    if own.contains(where: section.has),
      section.find("axis_neuron", or: ["n_axis_neuron"]) == nil
    {
      Notices.post(
        "\(section.path(of: "axis_neuron")): is missing, so it is 4 as in DeePMD-kit; the other "
          + "keys are those of deepmd-pytorch, where it would be 16")
    }
  }
}

/// Names of descriptors that DeePMD-kit has and this program has not.
private let otherDescriptors: Set<String> = [
  "loc_frame", "se_a_tpe", "se_a_ebd", "dpa4", "dpa4c", "se_a_ebd_v2",
  "se_a_tpe_v2", "se_a_mask", "DPA4", "DPA4C", "SeZM", "sezm",
]
