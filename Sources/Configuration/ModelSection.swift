import DeepPotential
import Diagnostics
import Files
import Models

/// The `model` section of a configuration.
struct ModelSection {
  private(set) var options: ModelOptions?
  /// The descriptor, or the parts of a hybrid.
  private(set) var parts: [DescriptorSection] = []
  private(set) var statisticsBatches = 10
  private(set) var statisticsProtection = 0.01
  private(set) var fittingSeed: Int?
  /// The seeds of fitting nets but the first one.
  private(set) var seedsOfOtherFittings: [Int?] = []
  /// Types that a fitting net says have no value of their own (`sel_type`).
  private var silentTypes: [Int] = []
  /// The kind of output, also where the model cannot be read otherwise.
  private(set) var fittingKind = Output.energy

  init(_ section: ConfigurationSection) {
    if section.has("model_dict") {
      section.report(
        "model_dict", "has several tasks, and this reads one",
        remedy: "dp-train reads such an input")
      return
    }
    let type = section.read("type", .text, default: "standard")
    guard ["standard", MixtureOptions.type].contains(type) else {
      section.report(
        "type",
        "model type \"\(type)\" is not supported; \"standard\" and \"\(MixtureOptions.type)\" are")
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
    if type == MixtureOptions.type {
      readMixture(section, typeMap: typeMap)
      return
    }
    let descriptor = readDescriptor(
      section.section("descriptor", isRequired: true), typeMap: typeMap)
    let fitting = readFitting(
      section.section("fitting_net", isRequired: true), types: types, behind: descriptor)
    let potential = Self.readPairPotential(
      section, typeMap: typeMap, behind: descriptor, fittingKind)
    var options = ModelOptions(
      typeMap: typeMap ?? [], descriptor: descriptor ?? .seE2A(SeE2AOptions()),
      fitting: fitting ?? FittingOptions())
    section.read(ModelOptions.keys(types: types), into: &options)
    if !silentTypes.isEmpty {
      options.excludedAtomTypes = Set(options.excludedAtomTypes + silentTypes).sorted()
    }
    section.finish()
    options.pairPotentials = potential.map { [$0] } ?? []
    if fittingKind.mendsFrames {
      section.checkDenoising(typeMap, descriptor, excluded: options.excludedAtomTypes)
    }
    if typeMap != nil && descriptor != nil && fitting != nil { self.options = options }
  }

  /// Reads models whose energies are added up.
  private mutating func readMixture(_ section: ConfigurationSection, typeMap: [String]?) {
    let mixture = MixtureSection(section, typeMap: typeMap) { section, descriptor in
      var own = ModelSection()
      let options = own.readFitting(section, types: typeMap?.count, behind: descriptor)
      return (options, own.fittingSeed)
    }
    parts = mixture.parts
    seedsOfOtherFittings = Array(mixture.seeds.dropFirst())
    fittingSeed = mixture.seeds.first ?? nil
    if var options = mixture.options {
      section.read(ModelOptions.keys(types: typeMap?.count), into: &options)
      self.options = options
    } else {
      for key in ModelOptions.keys(types: nil) { _ = section.find(key.name) }
    }
    section.finish()
  }

  /// A section of which nothing has been read.
  private init() {}

  /// Accepts or refuses DeePMD-kit's other keys of this section.
  private static func refuseOthers(_ section: ConfigurationSection) {
    section.accept(
      "data_bias_nsample", "srtab_add_bias", "info", "model_branch_alias", "bridging_r_inner",
      "bridging_r_outer")
    section.refuse("bridging_method", unless: .string("None"))
    section.refuse("preset_out_bias", unless: .null)
    for name in [
      "type_embedding", "modifier", "compress", "spin",
    ] { section.refuse(name) }
    section.refuse("shared_dict", remedy: "it goes with model_dict, for several tasks")
    // dp-train reads it before the model to start from.
    _ = section.optional("finetune_head", .text)
    section.refuse(
      "backbone",
      remedy: "it is deepmd-pytorch's; a descriptor of DeePMD-kit with messages is \"dpa2\"")
  }

  private mutating func readDescriptor(
    _ section: ConfigurationSection, typeMap: [String]?
  ) -> DescriptorOptions? {
    if case .string("hybrid")? = section.find("type")?.value {
      return readHybrid(section, typeMap: typeMap)
    }
    parts = [DescriptorSection(section, typeMap: typeMap)]
    return parts[0].options
  }

  private mutating func readHybrid(
    _ section: ConfigurationSection, typeMap: [String]?
  ) -> DescriptorOptions? {
    parts = section.sections("list", "descriptors").map {
      DescriptorSection($0, typeMap: typeMap)
    }
    section.finish()
    let options = parts.compactMap(\.options)
    guard let first = options.first, options.count == parts.count else { return nil }
    for (k, part) in options.enumerated() where part.precision != first.precision {
      section.report(
        "list[\(k)]/precision", "is not that of the first part, \"\(first.precision.rawValue)\"",
        remedy: "write the same for all parts")
    }
    return .hybrid(HybridOptions(options))
  }

  private mutating func readFitting(
    _ section: ConfigurationSection, types: Int?, behind descriptor: DescriptorOptions?
  ) -> FittingOptions? {
    let type = section.read("type", .text, default: "ener")
    guard let kind = Output(type: type) else {
      let names = Output.kinds.map { "\"\($0.type)\"" }.joined(separator: ", ")
      section.report("type", "fitting net \"\(type)\" is not supported; \(names) are")
      return nil
    }
    fittingKind = kind
    var options = FittingOptions(of: kind)
    if kind.mendsFrames { options.output = .denoising(types: max(1, (types ?? 2) - 1)) }
    if case .property = kind, !section.has("property_name") {
      section.report("property_name", "is missing", remedy: "write the name of the labels")
    }
    section.read(FittingOptions.keys(types: types, of: kind), into: &options)
    if kind.isTensor { readSelectedTypes(section, types: types) }
    fittingSeed = section.optional("seed", .integer)
    if let descriptor { Self.check(options, behind: descriptor, section) }
    section.refuse("dim_case_embd", unless: .integer(0))
    section.refuse("layer_name")
    section.refuse("use_aparam_as_mask", unless: .bool(false))
    section.finish()
    return options
  }

  /// Reads the types of the atoms that have a dipole or polarizability of their own; the others
  /// have none.
  private mutating func readSelectedTypes(_ section: ConfigurationSection, types: Int?) {
    let list = ValueKind<[Int]>.types(below: types)
    let kind = ValueKind<[Int]>(name: "\(list.name), or one of them") {
      ValueKind<Int>.count.take($0).map { [$0] } ?? list.take($0)
    }
    let other = fittingKind == .dipole ? "dipole_type" : "pol_type"
    guard let selected = section.optional("sel_type", or: [other], kind), let types else { return }
    silentTypes = (0..<types).filter { !selected.contains($0) }
  }

  /// Records options of a fitting net that are not allowed with its descriptor.
  private static func check(
    _ options: FittingOptions, behind descriptor: DescriptorOptions,
    _ section: ConfigurationSection
  ) {
    if options.output.needsVectors && !descriptor.hasVectors {
      section.report(
        "type", "\"\(options.output.type)\" does not go with descriptor \"\(descriptor.name)\"",
        remedy: "choose se_e2_a, se_atten, se_atten_v2 or dpa2, or a hybrid of them")
    }
    let isProgram = descriptor.isProgram || options.output != .energy
    if isProgram && options.precision != descriptor.precision {
      section.report(
        "precision", "is not that of the descriptor, \"\(descriptor.precision.rawValue)\"",
        remedy: "write the same for both")
    }
    if descriptor.isMixed && !options.atomEnergies.isEmpty {
      section.report("atom_ener", "is not supported where all types share a net")
    }
  }
}
